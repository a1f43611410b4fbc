import { itIsolatesOverUpstash } from '../support/isolation/trial.ts'

itIsolatesOverUpstash('passthrough', 20_260_203)
