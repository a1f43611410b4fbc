import { examples, format, formatDoubt } from '../../../src/matching/objections/format.ts'
import { keeps } from './tables.ts'

keeps(examples, format, formatDoubt)
