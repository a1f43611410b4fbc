import { examples, negation, negationDoubt } from '../../../src/matching/objections/negation.ts'
import { keeps } from './tables.ts'

keeps(examples, negation, negationDoubt)
