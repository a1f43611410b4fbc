import { type Answer, answerOf, recorded } from './answers/answer.ts'
import { type Turn, createConvoy } from './answers/convoy.ts'
import { type Flight, createFlights } from './answers/flights.ts'
import type { Call, Kept, Limits, Reply } from './call.ts'
import { deadline, inTime } from './deadline.ts'
import { ServiceError, UpstreamError, notCached } from './errors.ts'
import { type Found, type Hit, type Outcome, detailOf } from './insight/outcome.ts'
import { isOfTheRoom, isWelcome, whyBypass, whyExactOnly } from './keys/cacheable.ts'
import { isSameKey } from './keys/key.ts'
import { type Place, createPlaces } from './keys/place.ts'
import { decide } from './matching/decide.ts'
import type { Entry, Key, Match, Ports } from './ports.ts'

interface ModelCall extends Flight {
  readonly answer: Answer
  /** Absent if another replica made the call. */
  readonly head?: Response
  readonly outcome?: Outcome
  readonly kept: Promise<Kept>
}

/** How many of the nearest are considered. */
export const NEIGHBOURS = 8
const TTL_JITTER = 0.05
const KEPT = Promise.resolve<Kept>('kept')

/** The whole service in one function; everything else is detail. Read this first. */
export function createCache(ports: Ports, limits: Limits) {
  const { store, index, embedder, model, clock, random } = ports
  const { placeOf, remember, loseTrack } = createPlaces(ports, limits.lookupTimeoutMs)
  const flights = createFlights<ModelCall>()
  const convoy = createConvoy(ports, limits.joinTimeoutMs)

  async function answer(call: Call): Promise<Reply> {
    const { asked, dialect, directives } = call
    const bypass = whyBypass(call)
    if (bypass) return pass(call, bypass)

    const { orElse, clear } = deadline(limits.lookupTimeoutMs)
    const place = await orElse(placeOf(call), undefined)
    if (!place) return pass(call, 'session-unavailable')
    const looking = lookup(call, place).catch((): Found => ({ kind: 'miss', why: 'lookup-failed' }))
    const found = await orElse(looking, { kind: 'miss', why: 'lookup-timeout' })
    clear()
    if (found.kind === 'hit') {
      const { completion } = found.entry
      await remember(call, place, () => dialect.tell(completion, asked))
      return { outcome: found, answer: recorded(completion, dialect), kept: KEPT }
    }
    if (directives.onlyIfCached) throw notCached(detailOf(found))

    // Who cannot see what is kept cannot see what others keep, either.
    const blind = found.why === 'lookup-failed' || found.why === 'lookup-timeout'
    const together = () => flights.join(place.key.id, () => depart(call, place, blind))
    const alone = () => flights.join(crypto.randomUUID(), () => depart(call, place, true))
    // Whoever asks for a new answer gets one of their own.
    const { flight, joined } = directives.noCache ? alone() : together()
    if (!joined) return { outcome: found, ...(await flight) }
    try {
      const { answer, kept } = await flight
      const told = answer.whole.then((completion) => remember(call, place, () => dialect.tell(completion, asked)))
      // A stream is heard as it is given, come what may; the whole must be there before it is promised.
      if (asked.streamed) told.catch(() => {})
      else await told
      return { outcome: { kind: 'joined' }, answer, kept }
    } catch {
      // The leader's error is the leader's; everyone else gets a try of their own.
      return { outcome: found, ...(await alone().flight) }
    }
  }

  /** Rejects if the store does: what it could not tell us must not be taken for missing. */
  async function lookup(call: Call, { key }: Place): Promise<Found> {
    if (call.directives.noCache) return { kind: 'miss', why: 'asked-fresh' }

    const exact = await entryOf(key)
    if (exact && isWelcome(exact, call, clock())) return hit(exact, 'exact')
    if (flights.has(key.id)) return { kind: 'miss', why: 'in-flight' }

    const exactOnly = whyExactOnly(call, embedder)
    if (exactOnly) return { kind: 'miss', why: `exact-only.${exactOnly}` }
    const vector = await embedder.embed(call.asked.question)
    if (!vector) return { kind: 'miss', why: 'no-vector' }

    const { maxStaleMs = 0 } = call.directives
    const matches = await index.nearest({ ...key, space: embedder.space }, vector, NEIGHBOURS, clock() - maxStaleMs)
    return choose(
      call,
      key,
      matches.filter((match) => isWelcome(match, call, clock())),
    )
  }

  /** The nearest match that nothing speaks against, if the store still holds what it points to. */
  async function choose(call: Call, key: Key, matches: readonly Match[]): Promise<Found> {
    const verdict = decide(call.asked.question, matches, { threshold: call.policy.threshold ?? embedder.threshold })
    if (!('serve' in verdict)) return { kind: 'miss', why: verdict.why, similarity: verdict.best?.similarity }

    const { serve } = verdict
    const entry = await entryOf(serve.key)
    const servable = entry && isOfTheRoom(entry, key, embedder.space) && isWelcome(entry, call, clock())
    if (servable) return hit(entry, 'semantic', serve.similarity)

    if (!entry) await index.delete(serve.key)
    const others = matches.filter((match) => match !== serve)
    return others.length > 0 ? choose(call, key, others) : { kind: 'miss', why: 'stale-pointer' }
  }

  /** What the store holds under a key, unless it turns out to be of another. */
  async function entryOf(key: Key): Promise<Entry | undefined> {
    const entry = await store.get(key)
    return entry && isSameKey(entry.key, key) ? entry : undefined
  }

  function hit(entry: Entry, via: 'exact' | 'semantic', similarity?: number): Hit {
    const ttlMs = entry.expiresAt - clock()
    const found = { kind: 'hit', via, entry, stale: ttlMs <= 0, ageMs: clock() - entry.createdAt, ttlMs } as const
    return similarity === undefined ? found : { ...found, similarity }
  }

  /** Asks the model. From here on the call is nobody's: it is finished, and its answer kept, whoever leaves. */
  async function depart(call: Call, place: Place, alone: boolean): Promise<ModelCall> {
    const { dialect, asked, directives } = call
    const isOurs = (entry: Entry) => isSameKey(entry.key, place.key) && isWelcome(entry, call, clock())
    const turn: Turn = alone ? convoy.alone(place.key) : await convoy.turn(place.key, isOurs)
    if (!turn.ask) {
      const { completion } = turn.entry
      await remember(call, place, () => dialect.tell(completion, asked))
      return { outcome: { kind: 'joined' }, answer: recorded(completion, dialect), kept: KEPT, landed: KEPT }
    }

    const { promise: kept, resolve: land } = Promise.withResolvers<Kept>()
    const landed = kept.then((kept) => turn.landed(kept === 'kept'))
    try {
      const departedAt = clock()
      const head = await ask(call, asked.body)
      if (!head.ok) throw new UpstreamError(head, directives.noCache)
      const keepIt = async (completion: string) => {
        const kept = keep(call, place, completion, clock() - departedAt).then(land)
        if (store.near) await kept
      }
      const answer = answerOf(head, dialect, keepIt)
      answer.whole.catch(() => land('broken-off'))
      return { answer, head, kept, landed }
    } catch (error) {
      land('failed')
      throw error
    }
  }

  /** Never rejects, and never holds up the end of an answer for longer than a lookup may take. */
  async function keep(call: Call, place: Place, completion: string, tookMs: number): Promise<Kept> {
    const { asked, dialect, directives, policy } = call
    const told = dialect.tell(completion, asked)

    const work = async (): Promise<Kept> => {
      await remember(call, place, () => told)
      if (told.unfit) return told.unfit
      if (policy.ttlMs === 0) return 'ttl-0'
      if (completion.length > limits.maxAnswerLength) return 'too-long'

      const { key } = place
      const vector = whyExactOnly(call, embedder) ? undefined : await embedder.embed(asked.question)
      const space = vector && embedder.space
      const createdAt = clock()
      // Jitter only ever shortens, for a policy's TTL is a promise; and a caller who names one means it.
      const jitter = directives.ttlMs === undefined ? TTL_JITTER * random() : 0
      const expiresAt = createdAt + Math.round(policy.ttlMs * (1 - jitter))
      const times = { createdAt, expiresAt, keepUntil: expiresAt + policy.staleMs }
      // Store before index: a pointer must never be visible before what it points to.
      const [{ question }, { model, usage }, { tags }] = [asked, told, directives]
      await store.put({ key, question, completion, model, usage, tags, vector, space, tookMs, ...times })
      if (vector && space) await index.add({ key, space, vector, question, ...times })
      return 'kept'
    }
    const done = work().catch(() => 'store-failed')
    return inTime(limits.lookupTimeoutMs, done, 'store-slow')
  }

  async function ask({ path, headers }: Call, body: string): Promise<Response> {
    const signal = AbortSignal.timeout(limits.modelTimeoutMs)
    try {
      return await model.send(path, { method: 'POST', headers, body, signal })
    } catch (cause) {
      if (signal.aborted) throw new ServiceError(504, 'upstream_timeout', 'the model did not answer in time', { cause })
      throw new ServiceError(502, 'upstream_unreachable', 'the model could not be reached', { cause })
    }
  }

  async function pass(call: Call, why: string): Promise<Reply> {
    if (call.directives.onlyIfCached) throw notCached(why)
    const passed = await ask(call, call.asked.bodyToPass)
    await loseTrack(call)
    return { outcome: { kind: 'bypass', why }, passed }
  }

  return { answer, placeOf, lookup, idle: flights.idle, inFlight: () => flights.size }
}
