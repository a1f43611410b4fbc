import { examples, sibling, siblingDoubt } from '../../../src/matching/objections/sibling.ts'
import { keeps } from './tables.ts'

keeps(examples, sibling, siblingDoubt)
