import { examples, entity, entityDoubt } from '../../../src/matching/objections/entity.ts'
import { keeps } from './tables.ts'

keeps(examples, entity, entityDoubt)
