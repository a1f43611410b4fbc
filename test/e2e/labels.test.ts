import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Composed } from '../../src/compose.ts'
import { eventually } from '../contract/patience.ts'
import { emptyFolder } from '../support/process.ts'
import { PATIENT, overUpstash } from '../support/replicas.ts'
import { startUpstream } from '../support/upstream.ts'
import { describeWithRedis } from '../support/upstash/with-redis.ts'

const QUESTION = 'How do I reset my password?'
const REWORDED = 'My password: how can I reset it?'

describeWithRedis('labels', () => {
  const { replica } = overUpstash()

  it('are told of by each replica, whoever of them saw what the model said', { timeout: 30_000 }, async () => {
    const upstream = await startUpstream(() => ({ choices: [{ content: 'In the settings.' }] }))
    const policies = join(emptyFolder(), 'policies.json')
    writeFileSync(policies, JSON.stringify({ default: { mode: 'shadow' } }))
    const env = { REPRISE_POLICIES_FILE: policies, OPENAI_BASE_URL: upstream.baseURL }
    const [one, other] = [await replica(env), await replica(env)]
    await one.ask(QUESTION)
    await one.drain()
    await eventually(async () => {
      const { detail } = await other.ask(REWORDED, { 'reprise-ttl': '0' })
      expect(detail).toBe('shadow')
    }, PATIENT)
    await other.drain()
    await eventually(async () => {
      const { rows, budgets } = await statsOf(one)
      expect(rows.find(({ arm }) => arm === 'shadow')).toMatchObject({
        labels: { shadow: { right: 1, wrong: 0, precision: 1 } },
      })
      expect(budgets).toMatchObject([{ namespace: 'default', state: 'within', provisional: false }])
    }, PATIENT)
  })
})

async function statsOf({ fetch }: Composed) {
  const response = await fetch(new Request('http://localhost/v1/cache/stats?by=arm'))
  return (await response.json()) as { rows: { arm: string }[]; budgets: object[] }
}
