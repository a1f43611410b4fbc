import { examples, direction, directionDoubt } from '../../../src/matching/objections/direction.ts'
import { keeps } from './tables.ts'

keeps(examples, direction, directionDoubt)
