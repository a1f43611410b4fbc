import { inTime } from '../deadline.ts'
import type { Entry, Held, Key, Ports } from '../ports.ts'

/** How long a replica that has gone silent is still believed to be asking the model. */
const LEASE_MS = 6_000
/** How often to look for an answer whose message may have been lost. */
const POLL_MS = 500

/** How long to remember that a call has landed, for those who were looking up meanwhile. */
const MEMORY_MS = 5_000

/** Told by whoever has asked the model: who, the entry's id, and `kept` or `lost`. */
export const LANDED = 'landed'

/** What came of wanting to ask the model: leave to do so, or the answer that another replica has got meanwhile. */
export type Turn =
  | { readonly ask: true; landed(kept: boolean): Promise<void> }
  | { readonly ask: false; readonly entry: Entry }

/**
 * Keeps replicas from asking the model the same at the same time. It only ever saves calls: whoever cannot tell, or
 * has waited for `patienceMs`, asks for themselves; and so does whoever waited for an answer that was not kept, or for
 * `leaseMs` to hear whose turn it is.
 */
export function createConvoy({ lease, bus, store, clock, replica }: Ports, patienceMs: number, leaseMs: number) {
  const waiting = new Map<string, Set<(kept: boolean) => void>>()
  /** When calls have landed whose answers were kept, latest last. */
  const landed = new Map<string, number>()
  bus.subscribe(LANDED, (message) => {
    const [, id = '', kept] = message.split(' ')
    landed.delete(id)
    if (kept === 'kept') landed.set(id, clock())
    for (const wake of waiting.get(id) ?? []) wake(kept === 'kept')
  })

  return { turn, alone }

  /** `flight` is what the call is named among all replicas; `isWelcome` says whether the caller may be given what has been kept meanwhile. */
  async function turn(key: Key, flight: string, isWelcome: (entry: Entry) => Promise<boolean>): Promise<Turn> {
    const name = `flight/${flight}`
    const until = clock() + patienceMs
    const news = listen(key.id)
    try {
      for (;;) {
        const taking = lease.take(name, LEASE_MS)
        const held = await inTime<Held | undefined | 'unknown'>(leaseMs, taking, 'unknown')
        if (held === 'unknown') {
          taking.then((late) => late?.release()).catch(() => {})
          return alone(key)
        }
        if (held && !hasLanded(key.id)) return lead(held, key.id)

        const kept = held ? true : await news.next(Math.min(POLL_MS, until - clock()))
        const entry = await store.get(key)
        if (entry && (await isWelcome(entry))) {
          void held?.release().catch(() => {})
          return { ask: false, entry }
        }
        if (held) return lead(held, key.id)
        if (kept !== undefined || clock() >= until) return alone(key)
      }
    } catch {
      return alone(key)
    } finally {
      news.end()
    }
  }

  function hasLanded(id: string): boolean {
    for (const [other, at] of landed) {
      if (at > clock() - MEMORY_MS) break
      landed.delete(other)
    }
    return landed.has(id)
  }

  /** Leave to ask, whatever others do. They only need to know if it replaces what they hold. */
  function alone({ id }: Key): Turn {
    return {
      ask: true,
      async landed(kept) {
        if (kept) await bus.publish(LANDED, `${replica} ${id} kept`).catch(() => {})
      },
    }
  }

  function lead(held: Held, id: string): Turn {
    const renewing = setInterval(() => void held.renew(LEASE_MS).catch(() => {}), LEASE_MS / 3)
    return {
      ask: true,
      async landed(kept) {
        clearInterval(renewing)
        await held.release({ topic: LANDED, message: `${replica} ${id} ${kept ? 'kept' : 'lost'}` }).catch(() => {})
      },
    }
  }

  /** Hears how a flight of that name ends; remembers it if nobody is asking just then. */
  function listen(id: string) {
    let heard: boolean | undefined
    let wake: ((kept: boolean) => void) | undefined
    const hear = (kept: boolean) => {
      heard = kept
      wake?.(kept)
    }
    const ours = waiting.get(id) ?? new Set()
    waiting.set(id, ours.add(hear))
    return {
      next(ms: number): Promise<boolean | undefined> {
        if (heard !== undefined) return Promise.resolve(heard)
        const { promise, resolve } = Promise.withResolvers<boolean | undefined>()
        const timer = setTimeout(resolve, Math.max(0, ms), undefined)
        wake = (kept) => {
          clearTimeout(timer)
          resolve(kept)
        }
        return promise
      },
      end() {
        ours.delete(hear)
        if (ours.size === 0 && waiting.get(id) === ours) waiting.delete(id)
      },
    }
  }
}
