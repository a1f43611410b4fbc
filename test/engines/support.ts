import { onTestFinished } from 'vitest'
import { flatIndex } from '../../src/adapters/embedded/flat-index.ts'
import { localBus } from '../../src/adapters/embedded/local-bus.ts'
import { localLease } from '../../src/adapters/embedded/local-lease.ts'
import { localLimiter } from '../../src/adapters/embedded/local-limiter.ts'
import type { Engine } from '../../src/engines/engine.ts'
import { type MirroredOptions, mirrored } from '../../src/engines/mirrored.ts'
import type { Embedder, Entry } from '../../src/ports.ts'
import { openRoomy, stoppedClock } from '../adapters/embedded/support.ts'
import { aKey, anEntry, direction, hex } from '../contract/samples.ts'

/** Whatever is asked of an engine goes through here first; a test may let it fail, or wait. */
export type Gate = (operation: string, args: readonly unknown[]) => Promise<void> | void

/** Two engines in memory, the second behind a gate, and the one made of them. */
export function moving(options: Partial<MirroredOptions> = {}) {
  const { clock } = stoppedClock()
  let gate: Gate = () => {}
  const failures: string[] = []
  const [first, second] = [engine(clock), engine(clock)]
  const both = mirrored({
    first,
    second: behind(second, (...asked) => gate(...asked)),
    embedder: EMBEDDER,
    onFailure: (operation) => failures.push(operation),
    retryMs: 0,
    ...options,
  })
  return { first, second, both, failures, clock, entry, copy, setGate: (next: Gate) => void (gate = next) }

  /** An answer to a question of that number. */
  function entry(nth: number, parts: Partial<Entry> = {}): Entry {
    const key = aKey({ digest: hex(`${nth}`) })
    return anEntry(clock(), { key, vector: direction(2, nth), space: EMBEDDER.space, ...parts })
  }

  function copy(signal = new AbortController().signal) {
    return both.copy(signal)
  }
}

export const EMBEDDER: Embedder = {
  near: true,
  space: 'plane@1',
  threshold: 0.9,
  fits: () => true,
  embed: async () => direction(2, 0),
}

/** The keys of what an engine holds, in order. */
export async function idsIn({ store }: Pick<Engine, 'store'>): Promise<string[]> {
  const ids: string[] = []
  for await (const { key } of store.entries()) ids.push(key.id)
  return ids.sort()
}

export function refuse(): never {
  throw new Error('the second engine is down')
}

function engine(clock: () => number): Engine {
  const kept = openRoomy({ clock })
  const bus = localBus()
  onTestFinished(() => kept.store.close())
  return {
    ...kept,
    index: flatIndex({ clock }),
    bus,
    lease: localLease({ clock, bus }),
    limiter: localLimiter({ clock }),
    settleMs: 0,
    isFar: false,
    where: { store: 'memory', index: 'memory' },
    sweep: kept.store.sweep,
    sweepEveryMs: 60_000,
    close: async () => {},
  }
}

const GATED = ['store', 'index', 'sessions', 'records', 'counters'] as const

function behind(engine: Engine, gate: Gate): Engine {
  const gated = GATED.map((port) => {
    const methods = Object.entries(engine[port]).map(([name, method]) => {
      if (typeof method !== 'function' || name === 'entries' || name === 'atHand') return [name, method]
      const pass = async (...args: unknown[]) => {
        await gate(`${port}.${name}`, args)
        return (method as (...args: unknown[]) => unknown)(...args)
      }
      return [name, pass]
    })
    return [port, Object.fromEntries(methods)]
  })
  return { ...engine, ...(Object.fromEntries(gated) as Partial<Engine>) }
}
