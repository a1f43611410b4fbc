import { it } from 'vitest'
import { startUpstream } from '../support/upstream.ts'
import { describeWithRedis } from '../support/upstash/with-redis.ts'
import {
  keepsTheVolatileShorter,
  movesHouse,
  readsTheMonth,
  refreshesInTheBackground,
  rotatesKeys,
  runsOutOfMoney,
} from './evening.ts'
import { opens, purgesATag, rollsOut, shadows } from './morning.ts'
import { TOOK_S, openOffice } from './office.ts'
import { type Site, embeddedSite, heldClock, startReplica, upstashSite } from './sites.ts'

it('is a good day with one replica and a folder', { timeout: 120_000 }, async () => {
  const site = embeddedSite()
  await aDay(site, 1)
})

describeWithRedis('over Upstash', () => {
  it('is a good day with two replicas', { timeout: 120_000 }, async () => {
    await aDay(await upstashSite(), 2)
  })
})

async function aDay(site: Site, replicas: 1 | 2): Promise<void> {
  const { clock, pass } = heldClock()
  let answers = 0
  const upstream = await startUpstream(() => {
    pass(TOOK_S)
    return { choices: [{ content: `Answer ${++answers}.` }] }
  })
  const env = {
    ...site.env,
    OPENAI_BASE_URL: upstream.baseURL,
    OPENAI_API_KEY: 'sk-of-the-service',
    REPRISE_AUTH: 'keys',
    REPRISE_SECRET: 'a secret of at least thirty-two characters',
  }
  const desk = await startReplica(env, { clock })
  const branch = replicas === 1 ? desk : await startReplica(env, { clock })
  const office = openOffice({ desk, branch, pass, upstream })

  await opens(office, site)
  await shadows(office)
  await rollsOut(office)
  await purgesATag(office)
  site.hush(true)
  await rotatesKeys(office)
  site.hush(false)
  await refreshesInTheBackground(office)
  await keepsTheVolatileShorter(office)
  await movesHouse(office)
  await runsOutOfMoney(office)
  await readsTheMonth(office)
}
