import { z } from 'zod'
import type { Kind } from '../turn.ts'

export const RECLAIM = 'reclaim'

const Params = z.strictObject({})

/** Gives back the space of what purges have covered. Done again, it finds less to do. */
export function reclaiming(reclaim: (tenant: string) => Promise<number>): Kind<z.infer<typeof Params>> {
  return {
    name: RECLAIM,
    params: Params,
    async run({ tenant }) {
      return { purged: await reclaim(tenant) }
    },
  }
}
