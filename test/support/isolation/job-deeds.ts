import { expect } from 'vitest'
import { eventually } from '../../contract/patience.ts'
import { type Scene, NAMESPACES } from './asking.ts'
import { type Deed, type Desk, type Line, nameOf } from './entry-deeds.ts'
import { type Caller, LABEL } from './house.ts'

interface Job {
  readonly id: string
  readonly state: string
  readonly result?: { readonly imported?: number; readonly outcomes?: Readonly<Record<string, number>> }
}

/** What callers have done in the background. */
export function jobDeeds({ house, oracle, dice }: Scene, { send, told, lines }: Desk): readonly Deed[] {
  return [guess, takeBack, forge, warmUp, reEmbed]

  /** What is another's is in no way different from what never was. */
  async function guess(caller: Caller): Promise<void> {
    const others = oracle.others(caller.tenant, 'job')
    const theirs = others.length > 0 ? dice.of(others) : nobodys
    for (const method of ['GET', 'DELETE']) {
      const got = await send(caller, method, `/v1/cache/jobs/${theirs}`)
      const expected = await send(caller, method, `/v1/cache/jobs/${nobodys}`)
      expect(got.status).toBe(404)
      expect({ ...got, text: got.text.replaceAll(theirs, nobodys) }).toEqual(expected)
    }
    await told(caller, 'GET', '/v1/cache/jobs')
  }

  /** Takes in what it gave out itself. */
  async function takeBack(caller: Caller): Promise<void> {
    const before = await lines(caller)
    const body = before
      .slice(0, 5)
      .map((line) => JSON.stringify({ reprise: 1, ...line }))
      .join('\n')
    if (body) await over(caller, 'import', body)
    expect((await lines(caller)).map(nameOf).sort()).toEqual(before.map(nameOf).sort())
  }

  /** Takes in a line that claims to be another's, in the very place where that one has its own. */
  async function forge(caller: Caller): Promise<void> {
    const other = dice.of(house.callers.filter(({ tenant }) => house.auth === 'none' || tenant !== caller.tenant))
    const victims = await lines(other)
    if (victims.length === 0) return
    const victim = dice.of(victims)
    const room = roomOf(victim)
    if (!room) return
    const label = oracle.label({ ...room, tenant: caller.tenant })
    const content = JSON.stringify({ label, key: caller.shown })
    const message = { role: 'assistant', content, refusal: null }
    const choices = [{ index: 0, message, logprobs: null, finish_reason: 'stop' }]
    const completion = JSON.stringify({
      id: 'chatcmpl-0',
      object: 'chat.completion',
      created: 0,
      model: room.model,
      choices,
    })
    const { tenant } = other
    const claim = { tenant, id: `ent_${'1'.repeat(24)}`, key: { tenant, id: `ent_${'1'.repeat(24)}` }, epoch: 1e9 }
    const createdAt = house.clock()
    const times = { createdAt, expiresAt: createdAt + 3_600_000, keepUntil: createdAt + 7_200_000 }
    const question = 'How do I reset my password?'
    const forged = { ...victim, ...claim, ...times, question, completion, tags: [label, 'shared'] }
    const { result } = await over(caller, 'import', JSON.stringify(forged))
    expect(result?.imported).toBe(1)
    if (tenant === caller.tenant) return
    expect((await lines(other)).find((line) => nameOf(line) === nameOf(victim))).toEqual(victim)
  }

  function roomOf({ completion }: Line) {
    return oracle.roomOf(LABEL.exec(completion)?.[0] ?? '')
  }

  /** Has a question asked that tells whose it is, since nothing else of it will. */
  async function warmUp(caller: Caller): Promise<void> {
    const { tenant } = caller
    const namespace = dice.of(NAMESPACES)
    const room = { tenant, namespace, user: undefined, organization: undefined, model: 'gpt-4o-mini', said: '' }
    const questions = [`Where is parcel ${oracle.label(room)}?`, `Who has sent parcel ${oracle.label(room)}?`]
    const order = { model: room.model, namespace, perMinute: 6_000, questions }
    const { result } = await over(caller, 'warm-up', order)
    const answered = Object.values(result?.outcomes ?? {}).reduce((sum, some) => sum + some, 0)
    // Nobody keeps the keys that callers bring, so nothing can be asked when they are gone.
    expect(answered).toBe(house.auth === 'passthrough' ? 0 : questions.length)
    oracle.count(tenant, answered)
  }

  async function reEmbed(caller: Caller): Promise<void> {
    const before = await lines(caller)
    await over(caller, 're-embed')
    expect(await lines(caller)).toEqual(before)
  }

  /** A job of that kind, when it is over. */
  async function over(caller: Caller, kind: string, body?: unknown): Promise<Job> {
    const { id } = await told<Job>(caller, 'POST', `/v1/cache/${kind}`, { body })
    const path = `/v1/cache/jobs/${id}`
    await eventually(async () => {
      expect((await told<Job>(caller, 'GET', path)).state).toMatch(/done|failed/)
    }, PATIENT)
    // It is over, and stays as it is; only its own tenant could have ended it.
    const job = await told<Job>(caller, 'DELETE', path)
    expect(job.state, JSON.stringify(job)).toBe('done')
    return job
  }
}

const nobodys = `job_${'0'.repeat(24)}`
const PATIENT = { tries: 2_000, pause: () => new Promise<void>((resolve) => setTimeout(resolve, 5)) }
