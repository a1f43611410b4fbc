import type { IncomingMessage, ServerResponse } from 'node:http'
import { STATUS_CODES } from 'node:http'
import { setTimeout } from 'node:timers/promises'

/** Trouble on command. Of the kinds that spoil a request (status, html502, hang, reset) there is one at a time. */
export interface Faults {
  /** Before anything else happens. */
  readonly latencyMs?: number
  readonly status?: number
  /** A page of the load balancer in place of JSON. */
  readonly html502?: boolean
  readonly hang?: boolean
  readonly reset?: boolean
  /** The share of requests that are spoilt: 0 to 1, by default 1. Alone it means status 500. */
  readonly failShare?: number
  /** Decides which requests those are. */
  readonly seed?: number
  /** How many vectors the index holds before it refuses more. */
  readonly capacity?: number
}

export function createFaults() {
  let faults: Faults = {}
  let random = seeded(0)

  /** Replaces what was set before; an empty object ends all trouble. */
  function set(next: Faults): void {
    faults = next
    random = seeded(next.seed ?? 0)
  }

  /** True if the request has been dealt with, or never will be. */
  async function spoil(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const { latencyMs = 0, html502, hang, reset, failShare } = faults
    if (latencyMs > 0) await setTimeout(latencyMs)
    const status = faults.status ?? (failShare !== undefined && !html502 && !hang && !reset ? 500 : undefined)
    const spoils = status !== undefined || html502 || hang || reset
    if (!spoils || random() >= (failShare ?? 1)) return false
    if (reset) request.socket.resetAndDestroy()
    else if (html502)
      response.writeHead(502, { 'content-type': 'text/html' }).end('<html><h1>502 Bad Gateway</h1></html>')
    else if (status) respond(response, status, { error: STATUS_CODES[status] ?? 'Unknown', status })
    return true
  }

  return { set, spoil, capacity: () => faults.capacity ?? Number.POSITIVE_INFINITY }
}

export function respond(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

/** Mulberry32: the same numbers from 0 to 1 for the same seed. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
