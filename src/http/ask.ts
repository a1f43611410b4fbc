import type { createCache } from '../cache.ts'
import { chat } from '../dialects/chat/chat.ts'
import { UpstreamError } from '../errors.ts'
import { detailOf } from '../insight/outcome.ts'
import type { Usage } from '../insight/usage.ts'
import { whose } from '../keys/whose.ts'
import type { Directory } from '../tenancy/directory.ts'
import { callOf } from './data-plane.ts'
import type { Service } from './env.ts'
import { spentOn } from './observe.ts'

export interface AskerOptions extends Pick<Service, 'budgets' | 'forwardHeaders' | 'clock'> {
  readonly cache: ReturnType<typeof createCache>
  readonly directory: Directory
  readonly usage: Usage
}

/** Asks on behalf of a tenant as if a request had come from it, for work in the background; says how the answer came about. */
export function asker({ cache, directory, usage, clock, ...service }: AskerOptions) {
  return async (tenant: string, { namespace, body }: { namespace: string | undefined; body: string }) => {
    const standing = await directory.of(tenant)
    const headers = new Headers(namespace === undefined ? {} : { 'reprise-namespace': namespace })
    const call = await callOf(body, chat, { standing, headers, search: '', waitedMs: 0 }, service)
    const askedAt = clock()
    const reply = await cache.answer(call)
    if ('passed' in reply) {
      if (!reply.passed.ok) throw new UpstreamError(reply.passed)
      await reply.passed.body?.cancel()
    } else {
      await reply.answer.whole
    }
    const kept = 'kept' in reply ? await reply.kept : undefined
    const spent = 'kept' in reply ? await spentOn(reply, call) : undefined
    usage.observe({ ...whose(call), outcome: reply.outcome, tookMs: clock() - askedAt, kept, usage: spent })
    return detailOf(reply.outcome)
  }
}
