import { localBus } from '../../src/adapters/embedded/local-bus.ts'
import type { Bus, Records } from '../../src/ports.ts'
import { createRules } from '../../src/tenancy/rules.ts'
import { openRoomy, stoppedClock } from '../adapters/embedded/support.ts'

/** Two replicas over the same records. Ours can be watched, held up and cut off. */
export function replicas() {
  const { clock, advance } = stoppedClock()
  const { records } = openRoomy({ clock })
  const bus = localBus()
  const line = cuttable(bus)
  const { records: watched, ...trouble } = troublesome(records)
  return {
    clock,
    advance,
    ours: createRules({ records: watched, bus: line.bus, clock }),
    theirs: createRules({ records, bus, clock }),
    cut: line.cut,
    postpone: line.postpone,
    ...trouble,
    records,
    read: (id: string) => records.get('rules', id),
    /** Writes without telling anybody. */
    put: async (id: string, text: string) => records.swap('rules', id, await records.get('rules', id), text),
  }
}

/** A connection to the bus that can be cut or slowed down. */
function cuttable(bus: Bus) {
  let silent = false
  let loud = false
  let late: (() => void)[] | undefined
  return {
    /** From now on nothing is heard; if it is done loudly, nothing can be said either. */
    cut({ loudly = false } = {}) {
      silent = true
      loud = loudly
    },
    /** From now on nothing is heard until what this gives back is called. */
    postpone() {
      late = []
      return () => late?.forEach((hear) => hear())
    },
    bus: {
      ...bus,
      publish: async (topic, message) => {
        if (loud) throw new Error('cut')
        await bus.publish(topic, message)
      },
      subscribe: (topic, hear) =>
        bus.subscribe(topic, (message) => {
          if (silent) return
          if (late) late.push(() => hear(message))
          else hear(message)
        }),
    } satisfies Bus,
  }
}

type Operation = 'version' | 'get'

/** Records that write down what they are asked, and that can be held up or broken. */
function troublesome(records: Records) {
  const calls: string[] = []
  let broken: Operation | 'all' | undefined
  let held: { operation: Operation; late: boolean; gate: Promise<void> } | undefined

  /** What is answered late is looked up at once, and only on its way for long. */
  async function pass<T>(operation: Operation, call: () => Promise<T>): Promise<T> {
    const hold = held?.operation === operation ? held : undefined
    if (hold && !hold.late) await hold.gate
    if (broken === operation || broken === 'all') throw new Error('down')
    const answer = await call()
    if (hold?.late) await hold.gate
    return answer
  }

  return {
    calls,
    /** From now on that operation hangs; gives back what ends it, for all or for those only that are yet to come. */
    hold(what: Operation | `${Operation}, answered late`) {
      const { promise: gate, resolve } = Promise.withResolvers<void>()
      held = { operation: what.split(',')[0] as Operation, late: what.endsWith('late'), gate }
      return ({ onlyFuture = false } = {}) => {
        held = undefined
        if (!onlyFuture) resolve()
      }
    },
    breakDown: (operation: Operation | 'all' = 'all') => void (broken = operation),
    mend: () => void (broken = undefined),
    records: {
      ...records,
      version(kind) {
        calls.push('version')
        return pass('version', () => records.version(kind))
      },
      get(kind, id) {
        calls.push(`get ${id}`)
        return pass('get', () => records.get(kind, id))
      },
    } satisfies Records,
  }
}
