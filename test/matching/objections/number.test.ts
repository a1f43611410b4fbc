import { examples, number, numberDoubt } from '../../../src/matching/objections/number.ts'
import { keeps } from './tables.ts'

keeps(examples, number, numberDoubt)
