import { examples, remainder } from '../../../src/matching/objections/remainder.ts'
import { keeps } from './tables.ts'

keeps(examples, remainder)
