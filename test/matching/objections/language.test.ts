import { examples, language } from '../../../src/matching/objections/language.ts'
import { keeps } from './tables.ts'

keeps(examples, language)
