import type { Hono } from 'hono'
import { chat } from '../dialects/chat/chat.ts'
import { readCall } from './data-plane.ts'
import { entryRoutes } from './entries.ts'
import { feedbackRoutes } from './feedback.ts'
import { jobRoutes } from './jobs.ts'
import { usageRoutes } from './usage.ts'
import type { Env, Service } from './env.ts'

/** For whoever uses the cache: what has it done, and why does it do what it does. */
export function controlPlane(app: Hono<Env>, service: Service): void {
  entryRoutes(app, service)
  jobRoutes(app, service)
  feedbackRoutes(app, service)
  usageRoutes(app, service)

  app.post('/v1/cache/explain', async (c) => c.json(await service.explain(await readCall(c, chat, service))))
}
