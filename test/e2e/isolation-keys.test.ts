import { itIsolatesOverUpstash } from '../support/isolation/trial.ts'

itIsolatesOverUpstash('keys', 20_260_202)
