import { expect } from 'vitest'
import { type Scene, NAMESPACES } from './asking.ts'
import type { Caller, Sending } from './house.ts'

/** Something that a caller does besides asking, alone, and that is looked at closely. */
export type Deed = (caller: Caller) => Promise<void>

/** An entry as an export tells it. */
export interface Line {
  readonly namespace: string
  readonly scope: string
  readonly digest: string
  readonly model: string
  readonly tags: readonly string[]
  readonly question: string
  readonly completion: string
  readonly createdAt: number
}

export type Desk = ReturnType<typeof createDesk>

/** What all deeds do: send something, see that all of the answer is the caller's own, and read it. */
export function createDesk({ house, oracle }: Scene) {
  return { send, fetch, told, lines }

  async function send(caller: Caller, method: string, path: string, { headers, body }: Sending = {}) {
    const response = await house.call(method, path, { headers: { ...caller.headers, ...headers }, body })
    const text = await response.text()
    oracle.check(text, caller, path + JSON.stringify(body ?? ''))
    return { status: response.status, headers: [...response.headers.keys()], text }
  }

  /** Of what must succeed. */
  async function fetch(caller: Caller, method: string, path: string, sending?: Sending): Promise<string> {
    const { status, text } = await send(caller, method, path, sending)
    expect(status, `${method} ${path}: ${text}`).toBeLessThan(300)
    return text
  }

  async function told<T>(caller: Caller, method: string, path: string, sending?: Sending): Promise<T> {
    return JSON.parse(await fetch(caller, method, path, sending)) as T
  }

  /** All that a caller has. */
  async function lines(caller: Caller, query = ''): Promise<Line[]> {
    const text = await fetch(caller, 'GET', `/v1/cache/export${query}`)
    const all = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Line & { readonly after?: string })
    return all.filter(({ digest }) => digest !== undefined)
  }
}

export const nameOf = ({ namespace, scope, digest }: Line): string => [namespace, scope, digest].join(' ')

/** What callers do with what is kept. */
export function entryDeeds(scene: Scene, desk: Desk): readonly Deed[] {
  const { house, oracle, dice } = scene
  const { send, fetch, told, lines } = desk
  return [list, like, guess, put, drop, judge, purge, purge, exportAfterAnothers]

  async function list(caller: Caller): Promise<void> {
    const [name, value] = dice.of(FILTERS)
    const wanted = (await lines(caller)).filter((line) => passes(line, { [name]: value }))
    const limit = dice.of([7, 50, 100])
    let cursor: string | null = null
    let found = 0
    do {
      const query = new URLSearchParams({ [name]: value, limit: `${limit}`, ...(cursor && { cursor }) })
      const page: Page = await told<Page>(caller, 'GET', `/v1/cache/entries?${query}`)
      found += page.entries.length
      cursor = page.next
    } while (cursor)
    expect(found).toBe(wanted.length)
  }

  async function like(caller: Caller): Promise<void> {
    const query = new URLSearchParams({ like: 'How do I reset my password?', limit: '100' })
    const { entries } = await told<Page>(caller, 'GET', `/v1/cache/entries?${query}`)
    for (const { id } of entries.slice(0, 2)) await fetch(caller, 'GET', `/v1/cache/entries/${id}`)
  }

  /** What is another's is in no way different from what never was. */
  async function guess(caller: Caller): Promise<void> {
    const others = oracle.others(caller.tenant, 'ent')
    const theirs = others.length > 0 ? dice.of(others) : nobodys
    for (const method of ['GET', 'DELETE']) {
      const [got, expected] = [
        await send(caller, method, `/v1/cache/entries/${theirs}`),
        await send(caller, method, `/v1/cache/entries/${nobodys}`),
      ]
      expect(got.status).toBe(404)
      expect({ ...got, text: got.text.replaceAll(theirs, nobodys) }).toEqual(expected)
    }
    for (const dryRun of [true, false]) {
      const purged = await told<object>(caller, 'POST', '/v1/cache/purge', { body: { id: theirs, dryRun } })
      expect(purged).toMatchObject({ matched: 0, purged: 0, complete: true })
    }
  }

  /** What is put in by hand is its owner's, as what was asked for is. */
  async function put(caller: Caller): Promise<void> {
    const [namespace, user] = [dice.of(NAMESPACES), dice.percent(50) ? 'u1' : undefined]
    const model = 'gpt-4o-mini'
    const label = oracle.label({ tenant: caller.tenant, namespace, user, organization: undefined, model, said: '' })
    const question = 'How do I reset my password?'
    const content = JSON.stringify({ label, key: caller.shown, question })
    const message = { role: 'assistant', content, refusal: null }
    const choices = [{ index: 0, message, logprobs: null, finish_reason: 'stop' }]
    const completion = { id: 'chatcmpl-0', object: 'chat.completion', created: 0, model, choices }
    const messages = [{ role: 'user', content: question }]
    const request = { model, messages, cache: { namespace, user, tags: [label, 'shared'] } }
    const { id } = await told<{ id: string }>(caller, 'POST', '/v1/cache/entries', { body: { request, completion } })
    expect(await fetch(caller, 'GET', `/v1/cache/entries/${id}`)).toContain(label)
  }

  async function drop(caller: Caller): Promise<void> {
    if (caller.bystander) return
    const before = await lines(caller)
    const { entries } = await told<Page>(caller, 'GET', '/v1/cache/entries?limit=5')
    for (const { id } of entries.slice(0, 1)) {
      await fetch(caller, 'DELETE', `/v1/cache/entries/${id}`)
      expect(await lines(caller)).toHaveLength(before.length - 1)
    }
  }

  /** Speaks of what is one's own, and of nothing else. */
  async function judge(caller: Caller): Promise<void> {
    const feedback = (entry_id: string, correct: boolean) => ({ body: { entry_id, correct } })
    const theirs = oracle.others(caller.tenant, 'ent')
    for (const correct of [true, false]) {
      const of = (id: string) => send(caller, 'POST', '/v1/cache/feedback', feedback(id, correct))
      const got = await of(theirs.length > 0 ? dice.of(theirs) : nobodys)
      expect(got.status).toBe(404)
      expect(got).toEqual(await of(nobodys))
    }
    const { entries } = await told<Page>(caller, 'GET', '/v1/cache/entries?limit=1')
    for (const { id } of entries) {
      await fetch(caller, 'POST', '/v1/cache/feedback', feedback(id, true))
      if (caller.bystander) continue
      const before = await lines(caller)
      await fetch(caller, 'POST', '/v1/cache/feedback', feedback(id, false))
      expect(await lines(caller)).toHaveLength(before.length - 1)
    }
  }

  /** Counts and covers what is the caller's own and meets the selector, and nothing else of anybody's. */
  async function purge(caller: Caller): Promise<void> {
    const before = await lines(caller)
    const [name, value] = dice.of([...FILTERS.slice(1), ['olderThan', 600], ['all', true]] as const)
    const others = name === 'olderThan' ? {} : { ...(dice.percent(20) && name !== 'all' && { tag: 'shared' }) }
    const selector = { [name]: value, ...others }
    const covered = before.filter((line) => passes(line, selector) && isOlder(line, selector))
    const counted = await told<object>(caller, 'POST', '/v1/cache/purge', { body: { ...selector, dryRun: true } })
    expect(counted).toMatchObject({ matched: covered.length, purged: 0 })
    if (caller.bystander) return
    const purged = await told<object>(caller, 'POST', '/v1/cache/purge', { body: selector })
    expect(purged).toMatchObject({ matched: covered.length })
    const gone = new Set(covered.map(nameOf))
    const left = before.map(nameOf).filter((line) => !gone.has(line))
    expect((await lines(caller)).map(nameOf).sort()).toEqual(left.sort())
  }

  /** A place in another's export leads nowhere but to what is one's own. */
  async function exportAfterAnothers(caller: Caller): Promise<void> {
    const own = new Set((await lines(caller)).map(nameOf))
    const other = dice.of(house.callers)
    const { next } = await told<Page>(other, 'GET', '/v1/cache/entries?limit=1')
    if (!next) return
    const found = await lines(caller, `?after=${next}`)
    expect(found.filter((line) => !own.has(nameOf(line)))).toEqual([])
    await fetch(caller, 'GET', `/v1/cache/entries?cursor=${next}`)
  }

  function isOlder({ createdAt }: Line, { olderThan }: Readonly<Record<string, unknown>>): boolean {
    return olderThan === undefined || createdAt < house.clock() - Number(olderThan) * 1000
  }
}

interface Page {
  readonly entries: readonly { readonly id: string }[]
  readonly next: string | null
}

const nobodys = `ent_${'0'.repeat(24)}`
const FILTERS = [
  ['q', 'PASSWORD'],
  ['namespace', 'default'],
  ['namespace', 'acme'],
  ['tag', 'shared'],
  ['model', 'gpt-4o-2024-07-18'],
] as const

function passes({ namespace, tags, model, question }: Line, filter: Readonly<Record<string, unknown>>): boolean {
  const { namespace: room = namespace, tag = tags[0], model: wanted = model, q = '' } = filter
  const isTagged = tag === undefined || tags.includes(String(tag))
  return room === namespace && isTagged && wanted === model && question.toLowerCase().includes(String(q).toLowerCase())
}
