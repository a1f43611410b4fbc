import { examples, degree, degreeDoubt } from '../../../src/matching/objections/degree.ts'
import { keeps } from './tables.ts'

keeps(examples, degree, degreeDoubt)
