import type { Bus } from '../../ports.ts'

/** A bus for a service of one process. */
export function localBus(): Bus {
  const listeners = new Map<string, Set<(message: string) => void>>()
  return {
    async publish(topic, message) {
      for (const hear of listeners.get(topic) ?? []) hear(message)
    },
    subscribe(topic, hear) {
      const ours = listeners.get(topic) ?? new Set()
      listeners.set(topic, ours.add(hear))
      return () => {
        ours.delete(hear)
        if (ours.size === 0 && listeners.get(topic) === ours) listeners.delete(topic)
      }
    },
    connection: () => 1,
  }
}
