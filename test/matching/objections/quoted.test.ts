import { examples, quoted, quotedDoubt } from '../../../src/matching/objections/quoted.ts'
import { keeps } from './tables.ts'

keeps(examples, quoted, quotedDoubt)
