import { hash } from 'node:crypto'
import { expect } from 'vitest'
import type { Dice } from '../dice.ts'
import { detail, said } from '../world.ts'
import type { Caller, Headings, House } from './house.ts'
import type { Oracle, Room } from './oracle.ts'

/** What a run is played with. */
export interface Scene {
  readonly house: House
  readonly oracle: Oracle
  readonly dice: Dice
}

export interface Asking {
  readonly caller: Caller
  readonly room: Room
  readonly label: string
  readonly question: string
  readonly headers: Headings
  readonly members: object
  readonly session: string | undefined
}

/** Namespaces that are called like tenants, like paths, and like what every object has. */
export const NAMESPACES = ['default', 'acme', 'acme-2', 'a.b', 'constructor', '..']
const USERS = ['u1', 'U1', 'default', '{"user":"u1"}', 'zoë ☕']
const TOPICS = ['password', 'router', 'thermostat', 'calculator', 'phone', 'printer', 'bicycle', 'meter', 'camera']
const WORDINGS = [(what: string) => `How do I reset my ${what}?`, (what: string) => `My ${what}: how can I reset it?`]

/** Asks for answers in all the ways there are, and sees to it that each is the asker's own. */
export function createAsking({ house, oracle, dice }: Scene) {
  const conversations = new Map<string, string>()
  const talking = new Set<string>()

  return { anything, ask, topic: () => dice.of(WORDINGS)(dice.of(TOPICS)) }

  /** A question of somebody's: often what the whole town talks about, and always one that others ask as well. */
  function anything(caller: Caller, talk: string): Asking {
    const session = dice.percent(15) ? dice.of(['s1', 'acme']) : undefined
    const name = `${caller.tenant}\n${session}`
    if (session && talking.has(name)) return anything(caller, talk)
    const room: Room = {
      tenant: caller.tenant,
      namespace: dice.percent(60) ? 'default' : dice.of(NAMESPACES),
      user: dice.percent(25) ? dice.of(USERS) : undefined,
      organization: dice.percent(8) ? dice.of(['org-1', 'org-2']) : undefined,
      model: dice.percent(90) ? 'gpt-4o-mini' : 'gpt-4o',
      said: (session && conversations.get(name)) ?? '',
    }
    const label = oracle.label(room)
    const controls = controlsOf(room, label, session, caller)
    const trouble = dice.percent(12) ? dice.of([' down', ' bad']) : ''
    return {
      caller,
      room,
      label,
      question: dice.percent(50) ? talk : dice.of(WORDINGS)(dice.of(TOPICS)),
      session,
      headers: {
        ...caller.headers,
        'x-client-request-id': `${label}${trouble}`,
        ...(room.organization && { 'openai-organization': room.organization }),
        ...controls.headers,
      },
      members: {
        // Over a network, what a stream has said is noted down a moment after its end.
        stream: dice.percent(session ? 0 : 35),
        ...controls.members,
      },
    }
  }

  /** The same controls in headers or in the body. */
  function controlsOf({ namespace, user }: Room, label: string, session: string | undefined, { bystander }: Caller) {
    const mode = dice.percent(30)
      ? dice.of(['no-cache', 'no-store', 'only-if-cached', 'max-stale', 'max-stale=600'])
      : ''
    const ttl = dice.percent(20) && !bystander ? 60 : undefined
    const tags = [label, 'shared']
    const given = namespace === 'default' && dice.percent(50) ? undefined : namespace
    const match = dice.percent(5) ? 'exact' : undefined
    // A header holds no more than Latin letters.
    if (dice.percent(50) || /[^ -~]/.test(user ?? '')) {
      return { headers: {}, members: { cache: { namespace: given, user, session, mode, ttl, tags, match } } }
    }
    const headers = {
      'cache-control': mode,
      'reprise-tags': tags.join(', '),
      ...(given && { 'reprise-namespace': given }),
      ...(user && { 'reprise-user': user }),
      ...(session && { 'reprise-session': session }),
      ...(ttl && { 'reprise-ttl': `${ttl}` }),
      ...(match && { 'reprise-match': match }),
    }
    return { headers, members: {} }
  }

  async function ask(asking: Asking): Promise<void> {
    const { caller, room, question, headers, members, session } = asking
    const { tenant } = caller
    const name = `${tenant}\n${session}`
    if (session) talking.add(name)
    const body = { model: room.model, messages: [{ role: 'user', content: question }], ...members }
    const response = await house.call('POST', '/v1/chat/completions', { headers, body })
    oracle.check(JSON.stringify([...response.headers]), { tenant, room })
    const how = detail(response) ?? `${response.status}`
    oracle.note(how)
    if (!response.ok) await refused(response, asking)
    const content = response.ok ? await heard(response, asking) : undefined
    const passed = response.headers.get('cache-status')?.includes('fwd=bypass')
    if (response.ok || passed) oracle.count(tenant)
    if (!session) return
    // What was said without us is like nothing else.
    if (passed) conversations.set(name, asking.label)
    else if (content) conversations.set(name, hash('sha256', JSON.stringify([room.said, question, content])))
    talking.delete(name)
  }

  async function heard(response: Response, { caller: { tenant, shown }, room }: Asking): Promise<string> {
    const content = await said(response)
    oracle.check(content, { tenant, room })
    expect((JSON.parse(content) as { key: string }).key).toBe(shown)
    return content
  }

  async function refused(response: Response, { caller: { tenant }, room, label }: Asking): Promise<void> {
    const text = await response.text()
    oracle.check(text, { tenant, room })
    const { code } = (JSON.parse(text) as { error: { code: string } }).error
    expect(['cache_miss', 'overloaded', 'bad']).toContain(code)
    if (code === 'cache_miss') return oracle.fail(tenant, code)
    // Whoever is told of a failure is told of their own.
    expect(text).toContain(label)
    if (!response.headers.get('cache-status')?.includes('fwd=bypass')) oracle.fail(tenant, `model.${response.status}`)
  }
}
