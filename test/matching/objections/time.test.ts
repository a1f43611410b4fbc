import { examples, time, timeDoubt } from '../../../src/matching/objections/time.ts'
import { keeps } from './tables.ts'

keeps(examples, time, timeDoubt)
