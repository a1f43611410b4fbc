import { itIsolatesOverUpstash } from '../support/isolation/trial.ts'

itIsolatesOverUpstash('none', 20_260_201)
