import { expect } from 'vitest'
import { eventually } from '../contract/patience.ts'
import { USAGE } from '../support/upstream.ts'
import { COST, HELP, type Office, OWN_KEY, TOOK_S, TOPICS } from './office.ts'
import { PATIENT } from './sites.ts'

/** Two keys for as long as it takes to change over, and then only the new one, within a second everywhere. */
export async function rotatesKeys(office: Office): Promise<void> {
  const { desk, branch, pass } = office
  const before = office.key()
  const after = await office.newKey('second')
  for (const key of [before, after]) expect((await branch.ask(key, 'Good morning')).detail).toBe('exact')
  office.count('exact', 2)
  const { keys } = JSON.parse((await desk.operator('GET', '/tenants/acme/keys')).text) as Keys
  const first = keys.find(({ name }) => name === 'first')!
  expect((await desk.operator('DELETE', `/tenants/acme/keys/${first.id}`)).status).toBe(200)
  expect((await desk.ask(before, 'Good morning')).status).toBe(401)
  pass(1)
  expect(await branch.ask(before, 'Good morning')).toMatchObject({ status: 401, code: 'invalid_api_key' })
  expect(await office.ask('Good morning')).toMatchObject({ detail: 'exact' })
  await office.agrees()
}

interface Keys {
  readonly keys: readonly { readonly id: string; readonly name: string }[]
}

/** The old answer at once, and a new one for whoever comes next. */
export async function refreshesInTheBackground(office: Office): Promise<void> {
  office.pass(3600)
  const question = `How do I ${TOPICS[1]}?`
  const old = await office.ask(question, HELP)
  expect(old.detail).toBe('stale')
  await eventually(async () => expect((await office.stats()).refreshes).toBe(1), PATIENT)
  const fresh = await office.ask(question, HELP)
  expect(fresh.detail).toBe('exact')
  expect(fresh.said).not.toBe(old.said)
  office.count('refresh')
  await office.agrees()
}

/** Five minutes for today's weather, an hour for all else. */
export async function keepsTheVolatileShorter(office: Office): Promise<void> {
  const [today, everAfter] = ['What is the weather in Paris today?', 'What is the capital of France?']
  await office.ask(everAfter)
  await office.ask(today)
  await office.agrees()
  office.pass(299)
  expect((await office.ask(today)).detail).toBe('exact')
  office.pass(1)
  expect(await office.isKept(today)).toBe(false)
  expect((await office.ask(everAfter)).detail).toBe('exact')
}

/** All out, all gone, all back in. */
export async function movesHouse(office: Office): Promise<void> {
  const kept = [`How do I ${TOPICS[1]}?`, 'What is the capital of France?'] as const
  const { text: exported } = await office.branch.request(office.key(), 'GET', '/v1/cache/export')
  const lines = exported
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { question?: string })
  const entries = lines.filter(({ question }) => question !== undefined)
  expect(entries.map(({ question }) => question)).toEqual(expect.arrayContaining([...kept]))
  expect(lines.at(-1)).toEqual({ reprise: 1, end: true })

  expect(await office.own('POST', '/cache/purge', { all: true })).toMatchObject({ matched: entries.length })
  expect(await office.isKept(kept[0], HELP)).toBe(false)
  expect(await office.isKept(kept[1])).toBe(false)

  const { id } = (await office.own('POST', '/cache/import', exported)) as { id: string }
  const done = { state: 'done', result: { imported: entries.length, bad: 0, older: 0, expired: 0 } }
  await eventually(async () => expect(await office.own('GET', `/cache/jobs/${id}`)).toMatchObject(done), PATIENT)
  expect((await office.ask(kept[0], HELP)).detail).toBe('exact')
  expect((await office.ask(kept[1])).detail).toBe('exact')
  await office.agrees()
}

/** The model is not asked any more; what is kept is served as ever; tomorrow all is well again. */
export async function runsOutOfMoney(office: Office): Promise<void> {
  const { spent } = await office.stats()
  await office.limits({ usdPerDay: spent.usd + (1.5 * COST) / 1e9 })
  for (const street of ['Elm', 'Oak']) {
    expect((await office.ask(`Where is ${street} Street?`)).status).toBe(200)
    await office.agrees()
    office.pass(2)
  }
  const calls = office.upstream.calls.length
  const refused = await office.branch.ask(office.key(), 'Where is Ash Street?')
  expect(refused).toMatchObject({ status: 429, code: 'insufficient_quota' })
  expect(office.upstream.calls).toHaveLength(calls)
  expect((await office.ask('Where is Oak Street?')).detail).toBe('exact')
  office.pass(24 * 3600)
  expect((await office.ask('Where is Ash Street?')).status).toBe(200)
}

/** To the nano-dollar, as JSON and as a table, by whichever of the two replicas. */
export async function readsTheMonth(office: Office): Promise<void> {
  await office.agrees()
  const { desk, branch, upstream } = office
  const hits = office.seen('exact', 'semantic', 'stale')
  const saved = (times: number) => ({
    prompt_tokens: times * USAGE.prompt_tokens,
    completion_tokens: times * USAGE.completion_tokens,
    time_s: times * TOOK_S,
    usd: (times * COST) / 1e9,
  })
  const month = '/stats?tenant=acme&from=2100-03-01&bucket=day&by=tenant'
  const told = JSON.parse((await desk.operator('GET', month)).text) as Month
  expect(told).toMatchObject({
    saved: { ...saved(hits), hits_without_price: 0, refresh_usd: COST / 1e9, net_usd: ((hits - 1) * COST) / 1e9 },
    spent: { usd: (upstream.calls.length * COST) / 1e9, answers_without_price: 0 },
    rows: [
      {
        start: '2100-03-10T00:00:00.000Z',
        tenant: 'acme',
        saved: saved(hits),
        spent: { usd: ((upstream.calls.length - 1) * COST) / 1e9 },
      },
      { start: '2100-03-11T00:00:00.000Z', tenant: 'acme', saved: saved(0), spent: { usd: COST / 1e9 }, requests: 1 },
    ],
  })

  const { text } = await branch.operator('GET', `${month}&format=csv`)
  const [columns, ...rows] = text
    .trimEnd()
    .split('\r\n')
    .map((line) => line.split(','))
  const column = (name: string) => rows.map((row) => row[columns!.indexOf(name)])
  expect(column('start')).toEqual(told.rows.map(({ start }) => start))
  expect(column('saved.net_usd')).toEqual([`${((hits - 1) * COST) / 1e9}`, '0'])
  expect(column('spent.usd')).toEqual(told.rows.map(({ spent }) => `${spent.usd}`))
  expect(column('requests')).toEqual(told.rows.map(({ requests }) => `${requests}`))
  const authorizations = new Set(upstream.calls.map(({ headers }) => headers.authorization))
  expect(authorizations).toEqual(new Set([`Bearer ${OWN_KEY}`]))
}

interface Month {
  readonly rows: readonly {
    readonly start: string
    readonly requests: number
    readonly spent: { readonly usd: number }
  }[]
}
