import type { Hono } from 'hono'
import { chat } from '../dialects/chat/chat.ts'
import { readCall } from './data-plane.ts'
import type { Env, Service } from './env.ts'

/** For whoever uses the cache: what has it done, and why does it do what it does. */
export function controlPlane(app: Hono<Env>, service: Service): void {
  app.get('/v1/cache/stats', async (c) => c.json({ ...service.stats.snapshot(), ...(await service.sizes()) }))

  app.post('/v1/cache/explain', async (c) => c.json(await service.explain(await readCall(c, chat, service))))
}
