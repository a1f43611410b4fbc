import { itIsolates } from '../support/isolation/trial.ts'

itIsolates('keys', 20_260_102)
