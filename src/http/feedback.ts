import type { Hono } from 'hono'
import { z } from 'zod'
import type { Env, Service } from './env.ts'
import { jsonBody } from './parse.ts'

const Id = z.string().min(1).max(200)

const Feedback = z
  .strictObject({
    request_id: Id.exactOptional(),
    entry_id: Id.exactOptional(),
    correct: z.boolean('must be true or false'),
    note: z.string().max(1_000).exactOptional(),
  })
  .refine(({ request_id, entry_id }) => request_id !== undefined || entry_id !== undefined, {
    message: 'must be given, or entry_id',
    path: ['request_id'],
  })

/** For whoever finds out whether a hit was right: a user, a test, somebody who reads along. */
export function feedbackRoutes(app: Hono<Env>, { feedback, maxBodyBytes }: Service): void {
  app.post('/v1/cache/feedback', async (c) => {
    const { tenant, quota } = c.get('standing')
    const { request_id: requestId, entry_id: entryId, correct, note } = await jsonBody(c, Feedback, maxBodyBytes)
    const { entry, remembered } = await feedback(tenant, { requestId, entryId, correct, note }, quota)
    return c.json({ object: 'cache.feedback', entry_id: entry, correct, remembered })
  })
}
