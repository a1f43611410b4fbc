import { examples, slot, slotDoubt } from '../../../src/matching/objections/slot.ts'
import { keeps } from './tables.ts'

keeps(examples, slot, slotDoubt)
