import { setTimeout as pause } from 'node:timers/promises'
import type { Bus, News, Random } from '../../ports.ts'
import { channelOf, newsOf, textOf } from './channel.ts'
import type { RedisAccess, Send } from './client.ts'
import { openStream } from './stream.ts'

export interface RedisBusOptions extends RedisAccess {
  readonly send: Send
  readonly prefix: string
  readonly random: Random
  /** How long nothing may be heard before we ask whether anything would be. */
  readonly silenceMs?: number
  /** The longest wait before a lost connection is taken up again; twice as long with each failure, up to half a minute. */
  readonly retryMs?: number
}

export type RedisBus = Bus & {
  /** Hangs up. Nothing will be heard any more. */
  close(): void
}

/** A bus for all replicas, over one connection each, which is taken up again whenever it is lost. */
export function redisBus(options: RedisBusOptions): RedisBus {
  const { send, prefix, random, timeoutMs, silenceMs = 30_000, retryMs = 1_000 } = options
  const channel = channelOf(prefix)
  const listeners = new Map<string, Set<(message: string) => void>>()
  const closing = new AbortController()
  let connection: number | undefined
  let connections = 0
  void stayConnected()

  return {
    publish,
    subscribe(topic, hear) {
      const ours = listeners.get(topic) ?? new Set()
      listeners.set(topic, ours.add(hear))
      return () => {
        ours.delete(hear)
        if (ours.size === 0 && listeners.get(topic) === ours) listeners.delete(topic)
      }
    },
    connection: () => connection,
    close: () => closing.abort(),
  }

  async function publish(topic: string, message: string): Promise<void> {
    await send('PUBLISH', channel, textOf({ topic, message }))
  }

  async function stayConnected(): Promise<void> {
    for (let failures = 0; !closing.signal.aborted; failures++) {
      // Why it ended is of no interest: `connection` says all that can be acted upon.
      if (await listen().catch(() => false)) failures = 0
      const waitMs = Math.min(MAX_RETRY_MS, retryMs * 2 ** failures) * (0.5 + random() / 2)
      await pause(waitMs, undefined, { signal: closing.signal, ref: false }).catch(() => {})
    }
  }

  /** Until the connection is lost; true if there was one. */
  async function listen(): Promise<boolean> {
    const pulse = startPulse()
    const signal = AbortSignal.any([closing.signal, pulse.lost])
    let subscribed = false
    try {
      for await (const { kind, text } of openStream(options, channel, signal)) {
        subscribed ||= kind === 'subscribe'
        if (!subscribed) continue
        connection ??= ++connections
        pulse.felt()
        const news = kind === 'message' ? newsOf(text) : undefined
        if (news) tell(news)
      }
      return subscribed
    } catch {
      return subscribed
    } finally {
      connection = undefined
      pulse.end()
    }
  }

  function tell({ topic, message }: News): void {
    for (const hear of listeners.get(topic) ?? []) hear(message)
  }

  /** A connection can die without a word. After a silence we say something ourselves; who does not hear it is cut off. */
  function startPulse() {
    const lost = new AbortController()
    const give = () => lost.abort()
    let timer = setTimeout(give, timeoutMs)
    const ask = () => {
      timer = setTimeout(give, timeoutMs)
      publish(NOBODY, '').catch(give)
    }
    return {
      lost: lost.signal,
      felt() {
        clearTimeout(timer)
        // Not all at the same time: whoever asks first is heard by all, and spares them their own question.
        timer = setTimeout(ask, silenceMs * (1 + random()))
      },
      end: () => clearTimeout(timer),
    }
  }
}

const MAX_RETRY_MS = 30_000
/** A topic that nobody listens to. */
const NOBODY = ''
