import type { Clock, Model, ModelRequest } from '../../ports.ts'
import type { Faults, MockRule } from './mock-rules.ts'
import { errorReply } from './reply.ts'
import type { Reply } from './reply.ts'
import { route } from './routes.ts'
import type { MockCall } from './routes.ts'

export type { MockCall }

export interface MockModelOptions {
  readonly rules?: readonly MockRule[]
  /** Without one, time stands still. */
  readonly clock?: Clock
  readonly delay?: Delay
}

/** Resolves after that many milliseconds; rejects with the signal's reason as soon as it is aborted. */
export type Delay = (ms: number, signal?: AbortSignal) => Promise<void>

export interface MockModel extends Model {
  /** The last thousand requests, oldest first, since the start or since `clear`. */
  readonly calls: readonly MockCall[]
  /** Adds to the faults of every request from now on, on any path; they win over those of a rule. */
  set(faults: Faults): void
  /** Takes back every fault that was set. */
  reset(): void
  /** Puts these rules in the place of all others. */
  answer(rules: readonly MockRule[]): void
  /** Forgets the calls. */
  clear(): void
}

/** A model that answers by rules, without a network, and goes wrong when told to. */
export function mockModel({ rules = [], clock = stillClock, delay = sleep }: MockModelOptions = {}): MockModel {
  const calls: MockCall[] = []
  let current = rules
  let faults: Faults = {}
  let received = 0

  return {
    identity: 'mock',
    calls,
    async send(path, { method, headers, body, signal }) {
      signal?.throwIfAborted()
      const startedAt = clock()
      const number = ++received
      const text = body instanceof ReadableStream ? await textOf(body, signal) : body
      const call = { method, path, headers: Object.fromEntries(headers), body: jsonOrText(text) }
      calls.push(call)
      // As a service's upstream it may run for months.
      if (calls.length > 1_000) calls.shift()

      const intended = route(call, current, `chatcmpl-mock-${number}`, Math.floor(startedAt / 1000))
      const { latencyMs = 0, chunkLatencyMs = 0, error, cutAfter, hang } = { ...intended.faults, ...faults }
      if (hang) await sleep(Infinity, signal)
      if (latencyMs > 0) await delay(latencyMs, signal)
      signal?.throwIfAborted()

      const reply = error ? errorReply(error) : intended
      const pause = () => (reply.streamed && chunkLatencyMs > 0 ? delay(chunkLatencyMs, signal) : undefined)
      return new Response(bodyOf(reply, cutAfter, pause, signal), {
        status: reply.status,
        headers: {
          'x-request-id': `req_mock_${number}`,
          'openai-processing-ms': String(Math.round(clock() - startedAt)),
          ...reply.headers,
        },
      })
    },
    set(more) {
      faults = { ...faults, ...more }
    },
    reset() {
      faults = {}
    },
    answer(rules) {
      current = rules
    },
    clear() {
      calls.length = 0
    },
  }
}

const stillClock: Clock = () => Date.UTC(2026, 0, 1)

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted()
    const timer = ms === Infinity ? undefined : setTimeout(wake, ms)
    signal?.addEventListener('abort', abort)

    function wake() {
      signal?.removeEventListener('abort', abort)
      resolve()
    }

    function abort() {
      clearTimeout(timer)
      reject(signal?.reason)
    }
  })
}

function textOf(body: ReadableStream<Uint8Array>, signal: ModelRequest['signal']): Promise<string> {
  return new Response(body.pipeThrough(new TransformStream(), signal ? { signal } : {})).text()
}

function jsonOrText(text: string | undefined): unknown {
  try {
    return text && JSON.parse(text)
  } catch {
    return text
  }
}

function bodyOf(
  { writes, streamed }: Reply,
  cutAfter: number | undefined,
  pause: () => Promise<void> | undefined,
  signal: AbortSignal | undefined,
): ReadableStream<Uint8Array> {
  const left = writes.slice(0, cutAfter === undefined || streamed ? cutAfter : Math.min(cutAfter, 1))
  const whole = left.length === writes.length
  return new ReadableStream(
    {
      async pull(controller) {
        signal?.throwIfAborted()
        const write = left.shift()
        if (write) {
          await pause()
          controller.enqueue(write)
          return
        }
        // As `fetch` reports a connection that was lost.
        if (!whole) throw new TypeError('terminated')
        controller.close()
      },
    },
    // Nothing is written ahead of its reader, so that an abort is the next thing read.
    { highWaterMark: 0 },
  )
}
