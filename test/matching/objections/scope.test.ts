import { examples, scope, scopeDoubt } from '../../../src/matching/objections/scope.ts'
import { keeps } from './tables.ts'

keeps(examples, scope, scopeDoubt)
