import { examples, antonym, antonymDoubt } from '../../../src/matching/objections/antonym.ts'
import { keeps } from './tables.ts'

keeps(examples, antonym, antonymDoubt)
