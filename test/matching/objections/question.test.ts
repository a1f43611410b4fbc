import { examples, question, questionDoubt } from '../../../src/matching/objections/question.ts'
import { keeps } from './tables.ts'

keeps(examples, question, questionDoubt)
