import { expect, it } from 'vitest'
import { eventually } from '../contract/patience.ts'
import { PATIENT, overUpstash } from '../support/replicas.ts'
import { describeWithRedis } from '../support/upstash/with-redis.ts'

/** Whose answer is of no interest: by it a replica gets to know who asks. */
const EARLIER = 'Which is the longest river of the north?'
const QUESTION = 'How do I reset my password?'
const REWORDED = 'My password: how can I reset it?'

describeWithRedis('Redis commands that replicas spend', () => {
  const { bridge, vector, replica } = overUpstash()

  /** The commands that some work has cost, by kind. */
  async function spentBy(work: () => Promise<unknown>, which = isOfARequest) {
    const { commands } = bridge()
    const before = commands.count()
    await work()
    const spent = commands.log().slice(before).filter(which).map(kindOf)
    return Object.fromEntries([...Map.groupBy(spent, (kind) => kind)].map(([kind, all]) => [kind, all.length]))
  }

  it('spend four commands on a miss, one on a hit that is cold in memory, and none on a warm one', async () => {
    const [one, two] = [await replica(), await replica()]
    for (const each of [one, two]) await getToKnow(each)
    const miss = await spentBy(async () => [await one.ask(QUESTION), await one.drain()])
    expect(miss).toEqual({ 'GET entry': 1, 'SET lease': 1, 'EVAL tenant': 1, 'EVAL lease': 1 })
    expect(await spentBy(() => two.ask(QUESTION))).toEqual({ 'GET entry': 1 })
    // News of the answer may still be on their way, and make it cold once more.
    await eventually(async () => expect(await spentBy(() => two.ask(QUESTION))).toEqual({}), PATIENT)
  })

  it('spend two commands on a hit by meaning that is cold, and search while they look for the exact one', async () => {
    const [one, two] = [await replica(), await replica({ REPRISE_LOOKUP_TIMEOUT_MS: '10000' })]
    for (const each of [one, two]) await getToKnow(each)
    await one.ask(QUESTION)
    await one.drain()
    vector().requests.reset()
    const { commands, faults } = bridge()
    const spent = spentBy(async () => {
      faults.set({ latencyMs: 1_000 })
      const asked = two.ask(REWORDED)
      await eventually(async () => expect(vector().requests.count('query')).toBe(1), PATIENT)
      const answered = commands.log().slice(-1).map(kindOf)
      faults.set({})
      expect(answered).not.toEqual(['GET entry'])
      expect((await asked).detail).toBe('semantic')
    })
    expect(await spent).toEqual({ 'GET entry': 2 })
  })

  it('spend one more on an alias whose answer is cold, and none on a warm one', async () => {
    const [one, two] = [await replica(), await replica()]
    for (const each of [one, two]) await getToKnow(each)
    await one.ask(QUESTION)
    await one.drain()
    await rightly(one, REWORDED)
    expect(await spentBy(() => two.ask(REWORDED))).toEqual({ 'GET entry': 2 })
    await eventually(async () => expect(await spentBy(() => two.ask(REWORDED))).toEqual({}), PATIENT)
    expect((await two.ask(REWORDED)).detail).toBe('exact')
  })

  it('spend nothing on what feedback has told while there is none, or nothing new', async () => {
    const one = await replica()
    await getToKnow(one)
    await one.ask(QUESTION)
    await one.drain()
    expect(await spentBy(() => one.ask(REWORDED), isOfVerdicts)).toEqual({})
    await rightly(one, REWORDED)
    const again = `${REWORDED} Please!`
    await eventually(async () => expect((await one.ask(again)).detail).toBe('semantic'), PATIENT)
    expect(await spentBy(() => one.ask(again), isOfVerdicts)).toEqual({})
  })

  it('spend three more on the first request of a tenant, whose rules they do not know yet', async () => {
    const one = await replica()
    const rules = await spentBy(async () => [await one.ask(QUESTION), await one.drain()], isRule)
    expect(rules).toEqual({ 'MGET version': 1, 'HGET records': 2 })
  })

  it(
    'spend, besides, two commands a second on rules while they are asked, and one in two on counting',
    LONG,
    async () => {
      const one = await replica()
      await one.ask(QUESTION)
      const { commands } = bridge()
      // Once after the start it is seen to what purges may have left.
      await eventually(async () => expect(commands.count('HSCAN')).toBe(2), PATIENT)
      commands.reset()
      const until = Date.now() + 4_000
      while (Date.now() < until) {
        await one.ask(QUESTION)
        await PATIENT.pause()
      }
      const spent = Object.groupBy(
        commands.log(),
        (command) => /reprise:1:(version:\w+|\w+)/.exec(String(command))![1]!,
      )
      const [version, counting, jobs] = ['version:rules', 'batch', 'version:jobs'].map(
        (kind) => spent[kind]?.length ?? 0,
      )
      expect(
        Object.keys(spent)
          .filter((kind) => kind !== 'version:jobs')
          .sort(),
      ).toEqual(['batch', 'version:rules'])
      // Twice a second, and what is under way at either end.
      expect(version).toBeGreaterThanOrEqual(4)
      expect(version).toBeLessThanOrEqual(9)
      expect(counting).toBeLessThanOrEqual(3)
      expect(jobs).toBeLessThanOrEqual(2)
    },
  )

  it(
    'spend one in two seconds, besides, on what has been learned while questions are decided by it',
    LONG,
    async () => {
      const one = await replica()
      await getToKnow(one)
      const { commands } = bridge()
      commands.reset()
      const until = Date.now() + 4_000
      for (let nth = 0; Date.now() < until; nth++) {
        await one.ask(`${REWORDED} ${nth}`)
        await PATIENT.pause()
      }
      const reads = commands.log().filter((command) => command[0] === 'EVAL_RO' && String(command).includes(':tally:'))
      expect(reads.length).toBeGreaterThanOrEqual(1)
      expect(reads.length).toBeLessThanOrEqual(3)
    },
  )

  it('spend no more than one command in three seconds while nobody asks, to look for jobs', LONG, async () => {
    await replica()
    const { commands } = bridge()
    // The first time there is more to look at, and it is seen to what purges may have left.
    await eventually(async () => expect(commands.count('HSCAN')).toBe(2), PATIENT)
    commands.reset()
    await new Promise((resolve) => setTimeout(resolve, 3_500))
    expect(commands.count()).toBeLessThanOrEqual(1)
    expect(commands.log().every((command) => String(command) === 'GET,reprise:1:version:jobs')).toBe(true)
  })
})

/** Asks, is served by meaning, and says that this was right. */
async function rightly({ fetch, ask }: Replica, content: string): Promise<void> {
  await eventually(async () => expect((await ask(content)).detail).toBe('semantic'), PATIENT)
  const post = (path: string, body: object) =>
    fetch(new Request(`http://localhost/v1${path}`, { method: 'POST', body: JSON.stringify(body) }))
  const hit = await post('/chat/completions', { model: 'gpt-4o-mini', messages: [{ role: 'user', content }] })
  const heard = await post('/cache/feedback', { request_id: hit.headers.get('x-request-id'), correct: true })
  expect(await heard.json()).toMatchObject({ remembered: 'alias' })
}

type Replica = Awaited<ReturnType<ReturnType<typeof overUpstash>['replica']>>

/** So that the rules need not be read any more. */
async function getToKnow({ ask, drain }: Replica): Promise<void> {
  await ask(EARLIER)
  await drain()
}

/** What happens every few seconds is watched for a while. */
const LONG = { timeout: 30_000 }
/** What a command is, and which kind of key it is about. */
const kindOf = (command: readonly string[]) => `${command[0]} ${/reprise:1:(\w+)/.exec(String(command))?.[1] ?? ''}`
/** What is asked in order to know who asks, now and then and not for each request. */
const isRule = (command: readonly string[]) => /:(?:version|records):rules/.test(String(command))
const isOfVerdicts = (command: readonly string[]) => /:records:verdicts/.test(String(command))
/** What a request itself costs: no rules, no counting, nothing learned, no jobs. */
const isOfARequest = (command: readonly string[]) => !/:(?:version|records|batch|tally):/.test(String(command))
