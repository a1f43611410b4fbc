import { itIsolates } from '../support/isolation/trial.ts'

itIsolates('passthrough', 20_260_103)
