import type { Context, MiddlewareHandler } from 'hono'
import type { Answered, Call, Kept, Reply } from '../call.ts'
import { detailOf } from '../insight/outcome.ts'
import type { Who } from '../insight/pending.ts'
import { whose } from '../keys/whose.ts'
import type { Usage } from '../ports.ts'
import type { Standing } from '../tenancy/directory.ts'
import type { Env, Service } from './env.ts'
import { metered } from './metered.ts'

/** Notes when a request came, and gives it a name. */
export const begin: MiddlewareHandler<Env> = (c, next) => {
  c.set('startedAt', performance.now())
  c.set('requestId', `req_${crypto.randomUUID().replaceAll('-', '')}`)
  return next()
}

/**
 * Counts and logs one answered request: a hit at once, anything else when its answer is complete. Gives back the reply,
 * through a meter if it only passes by.
 */
export function observe(c: Context<Env>, reply: Reply, call: Call, service: Service): Reply {
  const { outcome } = reply
  const requestId = c.get('requestId')
  const startedAt = c.get('startedAt')
  const standing = c.get('standing')
  const done = (kept?: Kept, usage?: Usage) => {
    const tookMs = performance.now() - startedAt
    service.usage.observe({ ...whose(call), outcome, tookMs, kept, usage })
    void service.limits.charge(
      standing,
      outcome.kind === 'hit' ? 'hit' : 'miss',
      tokensOf(outcome.kind === 'hit' ? outcome.entry.usage : usage),
    )
    service.log.info({
      requestId,
      // Without the query, in which some clients carry a key.
      path: c.req.path,
      model: call.asked.model,
      tenant: call.tenant,
      ...(call.keyId && { key: call.keyId }),
      namespace: call.directives.namespace,
      streamed: call.asked.streamed,
      outcome: outcome.kind,
      detail: detailOf(outcome),
      ...('confidence' in outcome && outcome.confidence !== undefined && { confidence: rounded(outcome.confidence) }),
      ...(kept !== undefined && { kept }),
      ms: Math.round(tookMs * 1000) / 1000,
    })
  }
  if ('passed' in reply) {
    done()
    const passed = metered(reply.passed, ({ usage }) => spend(standing, whose(call), usage, service))
    return { ...reply, passed }
  }
  if (outcome.kind === 'hit') done()
  else void reply.kept.then(async (kept) => done(kept, await spentOn(reply, call)))
  return reply
}

/** Counts what an answer cost that only passed by, against all that limits it. */
export function spend(
  standing: Standing,
  who: Who,
  usage: Usage | undefined,
  { usage: counts, limits }: Service,
): void {
  if (!usage) return
  counts.spend(who, usage)
  void limits.charge(standing, 'miss', tokensOf(usage))
}

/** Counts an answer that was fetched in the background: what it cost, and nobody's request. */
export function observeRefresh(usage: Service['usage']) {
  return (call: Call, reply: Answered): void => {
    const { outcome } = reply
    const count = async (kept: Kept) =>
      usage.observe({ ...whose(call), outcome, tookMs: 0, kept, usage: await spentOn(reply, call) })
    void reply.kept.then(count)
  }
}

/** The tokens that this very call had the model use: none for who listened along. */
export async function spentOn(reply: Answered, { dialect, asked }: Call): Promise<Usage | undefined> {
  if (!reply.head) return undefined
  return reply.answer.whole.then((completion) => dialect.tell(completion, asked).usage).catch(() => undefined)
}

const tokensOf = (usage: Usage | undefined) => (usage ? usage.promptTokens + usage.completionTokens : 0)

const rounded = (share: number) => Math.round(share * 1e4) / 1e4
