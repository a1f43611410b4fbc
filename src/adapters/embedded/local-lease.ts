import type { Bus, Clock, Lease } from '../../ports.ts'

/** Leases for a service of one process. */
export function localLease({ clock, bus }: { readonly clock: Clock; readonly bus: Bus }): Lease {
  const leases = new Map<string, { until: number }>()
  return {
    async take(name, ttlMs) {
      const other = leases.get(name)
      if (other && other.until > clock()) return undefined

      const ours = { until: clock() + ttlMs }
      const isOurs = () => leases.get(name) === ours && ours.until > clock()
      leases.set(name, ours)
      return {
        async renew(ttlMs) {
          if (!isOurs()) return false
          ours.until = clock() + ttlMs
          return true
        },
        async release(news) {
          if (isOurs()) leases.delete(name)
          if (news) await bus.publish(news.topic, news.message)
        },
      }
    },
  }
}
