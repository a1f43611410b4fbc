import { examples, order } from '../../../src/matching/objections/order.ts'
import { keeps } from './tables.ts'

keeps(examples, order)
