import { type Answer, answerOf, recorded } from './answers/answer.ts'
import { type Turn, createConvoy } from './answers/convoy.ts'
import { type Flight, createFlights } from './answers/flights.ts'
import { createKeeper } from './answers/keep.ts'
import { isDue } from './answers/refresh.ts'
import { createSend } from './answers/send.ts'
import type { Answered, Call, Kept, Limits, Purges, Reply, Verdicts } from './call.ts'
import { deadline } from './deadline.ts'
import { UpstreamError, isOutage, notCached } from './errors.ts'
import { type Found, type Hit, type Outcome, detailOf } from './insight/outcome.ts'
import { acceptedStaleness, isWelcome, whyBypass } from './keys/cacheable.ts'
import { isSameKey } from './keys/key.ts'
import { type Place, createPlaces } from './keys/place.ts'
import type { Learning } from './labels/learning.ts'
import { createLookup } from './lookup.ts'
import type { Entry, Key, Ports } from './ports.ts'

interface ModelCall extends Flight {
  readonly answer: Answer
  /** Absent if another replica made the call. */
  readonly head?: Response
  readonly outcome?: Outcome
  readonly kept: Promise<Kept>
}

const KEPT = Promise.resolve<Kept>('kept')

/**
 * The whole service in one function; everything else is detail. Read this first. `onRefresh` is told of answers that
 * nobody waited for.
 */
export function createCache(
  ports: Ports,
  limits: Limits,
  purges: Purges,
  verdicts: Verdicts,
  learning: Learning,
  onRefresh: (call: Call, reply: Answered) => void = () => {},
) {
  const { store, clock, random } = ports
  const send = createSend(ports.model, limits)
  const places = createPlaces(ports, limits.lookupTimeoutMs)
  const keep = createKeeper(ports, limits, purges, places)
  const flights = createFlights<ModelCall>()
  const convoy = createConvoy(ports, limits.joinTimeoutMs, limits.lookupTimeoutMs)
  const refreshing = new Set<string>()
  const isInFlight = (key: Key) => flights.has(nameOf(key))
  const { lookup, nearest, entryOf, ruleFor } = createLookup(ports, purges, verdicts, learning.ruleOf, isInFlight)

  async function answer(call: Call): Promise<Reply> {
    const bypass = whyBypass(call)
    if (bypass) return pass(call, bypass)

    const { orElse, clear } = deadline(Math.max(0, limits.lookupTimeoutMs - call.waitedMs))
    const place = await orElse(places.placeOf(call), undefined)
    if (!place) return pass(call, 'session-unavailable')
    const looking = lookup(call, place).catch((): Found => ({ kind: 'miss', why: 'lookup-failed' }))
    const found = await orElse(looking, { kind: 'miss', why: 'lookup-timeout' })
    clear()
    learning.judged(call, found)
    if (found.kind === 'hit') {
      const epoch = purges.epochOf(call.tenant)
      learning.served(call, place, found, (said, tookMs) => keep(call, place, said, { tookMs, epoch }))
      if (isDue(found, call.policy, random())) refresh(call, place, found.entry)
      return serve(call, place, found)
    }
    if (call.directives.onlyIfCached) throw notCached(detailOf(found))

    return ask(call, place, found).catch(async (error: unknown) => {
      const rescue = isOutage(error) && (await lookup(forgiving(call), place).catch(() => undefined))
      if (!rescue || rescue.kind !== 'hit') throw error
      if (error instanceof UpstreamError) await error.response.body?.cancel()
      return serve(call, place, rescue)
    })
  }

  async function serve(call: Call, place: Place, found: Hit): Promise<Reply> {
    return { outcome: found, ...(await replay(call, place, found.entry.completion)) }
  }

  async function replay(call: Call, place: Place, completion: string) {
    await places.remember(call, place, () => call.dialect.tell(completion, call.asked))
    return { answer: recorded(completion, call.dialect), kept: KEPT }
  }

  /** A flight of one's own, or one that is in the air already. */
  async function ask(call: Call, place: Place, found: Found): Promise<Reply> {
    const { asked, dialect } = call
    // Who cannot see what is kept cannot see what others keep, either.
    const blind = found.kind === 'miss' && (found.why === 'lookup-failed' || found.why === 'lookup-timeout')
    const together = () => flights.join(nameOf(place.key), () => depart(call, place, blind))
    const alone = () => flights.join(crypto.randomUUID(), () => depart(call, place, true))
    // Whoever asks for a new answer gets one of their own.
    const { flight, joined } = call.directives.noCache ? alone() : together()
    if (!joined) {
      const made = await flight
      learning.answered(call, place, found, made.answer.whole, entryOf)
      return { outcome: found, ...made }
    }
    try {
      const { answer, kept } = await flight
      const told = answer.whole.then((whole) => places.remember(call, place, () => dialect.tell(whole, asked)))
      // A stream is heard as it is given, come what may; the whole must be there before it is promised.
      if (asked.streamed) told.catch(() => {})
      else await told
      return { outcome: { kind: 'joined' }, answer, kept }
    } catch {
      // The leader's error is the leader's; everyone else gets a try of their own.
      return { outcome: found, ...(await alone().flight) }
    }
  }

  /** Whoever asks after a purge must not be given what was asked for before. */
  function nameOf({ id, tenant }: Key): string {
    return `${id}/${purges.epochOf(tenant)}`
  }

  /** Asks again for what is over, or nearly so: on nobody's time, and once at a time for each entry. */
  function refresh(call: Call, place: Place, { key: { id }, createdAt }: Entry): void {
    if (refreshing.has(id) || flights.has(nameOf(place.key))) return
    refreshing.add(id)
    const { flight } = flights.join(nameOf(place.key), () => depart(call, place, false, createdAt))
    const reply = flight.then((made) => ({ outcome: { kind: 'miss', why: 'refresh' } as const, ...made }))
    reply.then((reply) => onRefresh(call, reply)).catch(() => {})
    void flight
      .then(({ landed }) => landed)
      .catch(() => {})
      .finally(() => refreshing.delete(id))
  }

  /** Asks the model. From here on the call is nobody's: it is finished, and its answer kept, whoever leaves. */
  async function depart(call: Call, place: Place, alone: boolean, newerThan = -Infinity): Promise<ModelCall> {
    const { dialect, asked, directives } = call
    const epoch = purges.epochOf(call.tenant)
    const isOurs = async (entry: Entry) => {
      await purges.fresh(call.tenant)
      const isTheSame = isSameKey(entry.key, place.key) && !entry.aliasOf && entry.createdAt > newerThan
      return isTheSame && isWelcome(entry, call, clock()) && !purges.covers(entry)
    }
    const turn: Turn = alone ? convoy.alone(place.key) : await convoy.turn(place.key, nameOf(place.key), isOurs)
    if (!turn.ask) {
      return { outcome: { kind: 'joined' }, landed: KEPT, ...(await replay(call, place, turn.entry.completion)) }
    }

    const { promise: kept, resolve: land } = Promise.withResolvers<Kept>()
    const landed = kept.then((kept) => turn.landed(kept === 'kept'))
    try {
      const departedAt = clock()
      const head = await send(call, asked.body)
      if (!head.ok) throw new UpstreamError(head, directives.noCache)
      const keepIt = async (completion: string) => {
        const kept = keep(call, place, completion, { tookMs: clock() - departedAt, epoch }).then(land)
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

  async function pass(call: Call, why: string): Promise<Reply> {
    if (call.directives.onlyIfCached) throw notCached(why)
    const passed = await send(call, call.asked.bodyToPass)
    await places.loseTrack(call)
    return { outcome: { kind: 'bypass', why }, passed }
  }

  /** Keeps a completion that somebody else had, as if the model had just given it. */
  async function put(call: Call, completion: string): Promise<{ id: string; kept: Kept }> {
    const place = whyBypass(call) ? undefined : await places.placeOf(call)
    if (!place) return { id: '', kept: whyBypass(call) ?? 'session-unavailable' }
    const kept = await keep(call, place, completion, { tookMs: 0, epoch: purges.epochOf(call.tenant) })
    return { id: place.key.id, kept }
  }

  return {
    answer,
    put,
    placeOf: places.placeOf,
    lookup,
    nearest,
    entryOf,
    ruleFor,
    standingOf: learning.standingOf,
    idle: () => flights.idle().then(learning.idle),
    inFlight: () => flights.size,
  }
}

/** For a caller whom the model has left alone, what is past its expiry may be better than nothing. */
function forgiving(call: Call): Call {
  const { directives, policy } = call
  const staleMs = Math.max(acceptedStaleness(call), policy.staleIfErrorMs)
  return { ...call, directives: { ...directives, maxStaleMs: staleMs }, policy: { ...policy, staleMs } }
}
