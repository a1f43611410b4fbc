import type { ServerResponse } from 'node:http'
import { setTimeout as passing } from 'node:timers/promises'
import { send } from './redis-bridge-reply.ts'

/** What is wrong with the database just now. */
export interface RedisFaults {
  /** Every answer takes so much longer. */
  readonly latencyMs?: number
  /** A request is answered with this, and an error that Redis knows nothing of. */
  readonly status?: number
  /** A request is answered by a gateway, in HTML. */
  readonly html502?: boolean
  /** A request is never answered. */
  readonly hang?: boolean
  /** A request's connection is reset. */
  readonly reset?: boolean
  /** The share of requests that one of the four befalls, or a status of 500 if none is named; all, unless told. */
  readonly failShare?: number
  /** Which requests those are is drawn from this, always the same. */
  readonly seed?: number
  /** No script is known by its digest. */
  readonly noScript?: boolean
  /** Streams, and what they would tell meanwhile: `refused` ends those there are, `silent` lets them stand and say nothing. */
  readonly streams?: 'refused' | 'silent'
  /** The database is full: what may need space is refused, and so is any script that is not read-only. */
  readonly capacityQuota?: boolean
}

export function createFaults() {
  let now: RedisFaults = {}
  let random = seeded(0)
  const streams = new Set<() => void>()

  return {
    current: () => now,

    /** Has a stream ended when streams are refused; gives back what forgets it. */
    onRefusal(end: () => void): () => void {
      streams.add(end)
      return () => streams.delete(end)
    },

    /** Replaces the faults there were; `{}` mends everything. */
    set(faults: RedisFaults): void {
      now = faults
      if (now.streams === 'refused') for (const end of streams) end()
      random = seeded(faults.seed ?? 0)
    },

    /** True if the request has met its fate, before Redis heard of it. */
    async befall(response: ServerResponse): Promise<boolean> {
      const fate = random() < (now.failShare ?? 1) ? fateOf(now) : undefined
      if (now.latencyMs) await passing(now.latencyMs)
      fate?.(response)
      return fate !== undefined
    },
  }
}

type Fate = (response: ServerResponse) => void

function fateOf({ hang, reset, html502, status, failShare }: RedisFaults): Fate | undefined {
  if (hang) return () => {}
  if (reset) return (response) => response.socket?.resetAndDestroy()
  if (html502) return (response) => response.writeHead(502, { 'content-type': 'text/html' }).end(BAD_GATEWAY)
  if (status === undefined && failShare === undefined) return undefined
  return (response) => send(response, status ?? 500, { error: 'ERR the database cannot be reached' })
}

const BAD_GATEWAY = '<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>'

/** A small generator (mulberry32) that tells the same numbers for the same seed. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
