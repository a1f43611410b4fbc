import { examples, code } from '../../../src/matching/objections/code.ts'
import { keeps } from './tables.ts'

keeps(examples, code)
