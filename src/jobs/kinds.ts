import { setTimeout as pause } from 'node:timers/promises'
import type { Ports, Quota } from '../ports.ts'
import type { Purges } from '../tenancy/purges.ts'
import { importing } from './kinds/import.ts'
import { reEmbedding } from './kinds/re-embed.ts'
import { RECLAIM, reclaiming } from './kinds/reclaim.ts'
import { type WarmUpOptions, warmingUp } from './kinds/warm-up.ts'
import type { Runner } from './runner.ts'
import type { Kind } from './turn.ts'

export interface KindsOptions {
  readonly ports: Ports
  readonly purges: Pick<Purges, 'fresh' | 'epochOf' | 'covers'>
  readonly ask: WarmUpOptions['ask']
  readonly reclaim: (tenant: string) => Promise<number>
  readonly quotaOf: (tenant: string) => Promise<Quota | undefined>
}

/** Every kind of job there is. */
export function kindsOf({ ports, purges, ask, reclaim, quotaOf }: KindsOptions): Kind[] {
  const { clock } = ports
  const wait = async (ms: number, signal: AbortSignal) => void (await pause(ms, undefined, { signal, ref: false }))
  return [
    importing({ ...ports, purges, quotaOf }),
    reEmbedding({ ...ports, purges, quotaOf }),
    warmingUp({ ask, clock, wait }),
    reclaiming(reclaim),
  ].map((kind) => mindful(kind as Kind, purges))
}

/** Has what purges have left removed in the background. One such job that has not begun yet does for all. */
export async function reclaimLater(jobs: Pick<Runner, 'list' | 'enqueue'>, tenant: string): Promise<void> {
  const theirs = await jobs.list(tenant)
  const isComing = theirs.some(({ kind, state }) => kind === RECLAIM && state === 'waiting')
  if (!isComing) await jobs.enqueue(tenant, RECLAIM, {})
}

/** A job must know of the purges there have been: at its start, and whenever it goes on. */
function mindful(kind: Kind, purges: Pick<Purges, 'fresh'>): Kind {
  return {
    ...kind,
    async run(work) {
      await purges.fresh(work.tenant)
      return kind.run({
        ...work,
        async save(...args) {
          await work.save(...args)
          await purges.fresh(work.tenant)
        },
      })
    },
  }
}
