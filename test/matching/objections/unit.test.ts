import { examples, unit, unitDoubt } from '../../../src/matching/objections/unit.ts'
import { keeps } from './tables.ts'

keeps(examples, unit, unitDoubt)
