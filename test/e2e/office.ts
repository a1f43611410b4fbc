import { expect } from 'vitest'
import type { Figures } from '../../src/insight/figures.ts'
import { eventually } from '../contract/patience.ts'
import { type Heard, USAGE } from '../support/upstream.ts'
import { type Asked, type Replica, PATIENT } from './sites.ts'

/** What one answer of gpt-4o costs by the shipped prices, in nano-dollars: 2.50 and 10 USD for a million tokens. */
export const COST = USAGE.prompt_tokens * 2_500 + USAGE.completion_tokens * 10_000
/** How long the model takes for it. */
export const TOOK_S = 0.25
/** What acme reaches the model with. */
export const OWN_KEY = 'sk-acme-own-key-for-the-model'
/** A namespace with a policy of its own, and what is asked there. */
export const HELP = { 'reprise-namespace': 'help' }
export const TOPICS = ['reset my password', 'cancel a standing order', 'block a stolen card', 'order a new chequebook']

export interface OfficeOptions {
  /** Where the operator is, and a second replica, which may be the same. */
  readonly desk: Replica
  readonly branch: Replica
  readonly pass: (seconds: number) => void
  readonly upstream: { readonly calls: readonly Heard[] }
}

export type Office = ReturnType<typeof openOffice>

type Headings = Readonly<Record<string, string>>

/** The tenant acme and its operator, who keep books of their own of what they saw, to hold the service's against. */
export function openOffice({ desk, branch, pass, upstream }: OfficeOptions) {
  const replicas = [desk, branch]
  /** Answers by how they came about. */
  const seen = new Map<string, number>()
  let key = ''
  let turn = 0

  return {
    desk,
    branch,
    pass,
    upstream,
    key: () => key,
    count,
    seen: (...details: string[]) => details.reduce((sum, detail) => sum + (seen.get(detail) ?? 0), 0),
    ask,
    stats,
    own,

    /** How each of these callers is answered. */
    async details(question: string, callers: readonly Headings[]): Promise<(string | undefined)[]> {
      const details: (string | undefined)[] = []
      for (const caller of callers) details.push((await ask(question, caller)).detail)
      return details
    },

    /** From now on acme comes with this one. */
    async newKey(name: string): Promise<string> {
      const { status, text } = await desk.operator('POST', '/tenants/acme/keys', { name })
      expect(status).toBe(201)
      key = (JSON.parse(text) as { key: string }).key
      return key
    },

    /** What holds in the namespace `help`; in force everywhere a second later. */
    async policy(settings: object): Promise<void> {
      const path = '/tenants/acme/namespaces/help/policy'
      expect((await desk.operator('PUT', path, settings)).status).toBe(200)
      pass(1)
    },

    /** What acme may use; all else about it stays as it is. */
    async limits(limits: object): Promise<void> {
      const { name, namespaces } = JSON.parse((await desk.operator('GET', '/tenants/acme')).text) as Headings
      const { status } = await desk.operator('PUT', '/tenants/acme', { name, namespaces, limits })
      expect(status).toBe(200)
      pass(1)
    },

    /** Whether every replica has an answer to this in the same words; false only if none has. */
    async isKept(question: string, headers: Headings = {}): Promise<boolean> {
      const only = { ...headers, 'cache-control': 'only-if-cached', 'reprise-match': 'exact' }
      const asked = [await ask(question, only), await ask(question, only)]
      const [status, ...others] = new Set(asked.map(({ status }) => status))
      expect(others).toEqual([])
      expect([200, 504]).toContain(status)
      return status === 200
    },

    /** Waits until the service has counted what was seen here, neither more nor less. */
    async agrees(): Promise<void> {
      const told = (names: readonly string[]) => names.reduce((sum, name) => sum + (seen.get(name) ?? 0), 0)
      const reasons = [...seen].filter(([name]) => !HITS.includes(name) && name !== 'refresh')
      const misses = { total: told(reasons.map(([name]) => name)), by_reason: Object.fromEntries(reasons) }
      const refreshes = told(['refresh'])
      const stale = told(['stale'])
      const hits = { total: told(HITS), exact: told(['exact', 'stale']), semantic: told(['semantic']), stale }
      const requests = hits.total + misses.total
      const kept = { kept: misses.total + refreshes, not_kept: { total: 0 }, joined: 0, bypasses: { total: 0 } }
      const counted = { requests, hits, misses, refreshes, ...kept }
      await eventually(async () => expect(await stats()).toMatchObject(counted), PATIENT)
      expect((await stats()).misses).toEqual(misses)
      expect(upstream.calls).toHaveLength(misses.total + refreshes)
    },
  }

  function count(detail: string, times = 1): void {
    seen.set(detail, (seen.get(detail) ?? 0) + times)
  }

  /** By way of one replica and the other in turn, as behind a load balancer. */
  async function ask(question: string, headers: Headings = {}): Promise<Asked> {
    const asked = await replicas[turn++ % 2]!.ask(key, question, headers)
    if (asked.status === 200) count(asked.detail!)
    return asked
  }

  /** The month so far, as acme reads it. Whoever is asked sends first what it alone knows. */
  async function stats(query = ''): Promise<Figures> {
    const path = `/v1/cache/stats?from=2100-03-01${query}`
    await branch.request(key, 'GET', path)
    return JSON.parse((await desk.request(key, 'GET', path)).text) as Figures
  }

  /** About acme's cache, with acme's own key. */
  async function own(method: string, path: string, body?: unknown): Promise<unknown> {
    return JSON.parse((await desk.request(key, method, `/v1${path}`, body)).text)
  }
}

const HITS: readonly string[] = ['exact', 'semantic', 'stale']
