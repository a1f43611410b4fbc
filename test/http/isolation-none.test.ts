import { itIsolates } from '../support/isolation/trial.ts'

itIsolates('none', 20_260_101)
