import { LRUCache } from 'lru-cache'
import type { Clock, Limiter, Rate } from '../../ports.ts'

interface Window {
  used: number
  readonly resetAt: number
}

/** So many limits are counted at once; beyond that, the one unused for longest begins anew. */
const MAX_LIMITS = 100_000

/** Limits for a service of one process: exact, and forgotten with it. */
export function localLimiter({ clock }: { readonly clock: Clock }): Limiter {
  const windows = new LRUCache<string, Window>({ max: MAX_LIMITS })

  const current = (name: string, { windowMs }: Rate): Window => {
    const limit = `${name} ${windowMs}`
    const known = windows.get(limit)
    const now = clock()
    if (known && known.resetAt > now) return known

    const fresh = { used: 0, resetAt: (Math.floor(now / windowMs) + 1) * windowMs }
    windows.set(limit, fresh)
    return fresh
  }

  return {
    async take(name, rate, units) {
      const window = current(name, rate)
      const allowed = window.used + Math.max(units, 1) <= rate.units
      if (allowed) window.used += units
      return { allowed, remaining: Math.max(rate.units - window.used, 0), resetAt: window.resetAt }
    },
    async charge(name, rate, units) {
      current(name, rate).used += units
    },
  }
}
