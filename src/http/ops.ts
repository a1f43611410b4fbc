import type { Hono } from 'hono'
import type { Env, Service } from './env.ts'

/** For whoever operates the service: is it alive, is it ready, what does it speak. */
export function ops(app: Hono<Env>, { chosen, draining, health, openapi, cache, notice }: Service): void {
  app.get('/healthz', (c) => c.json({ status: 'ok' }))
  app.get('/readyz', (c) => {
    const ready = !draining()
    return c.json(
      { ready, draining: !ready, in_flight: cache.inFlight(), health: health(), ...chosen },
      ready ? 200 : 503,
      notice,
    )
  })
  app.get('/openapi.yaml', (c) => c.body(openapi, 200, { 'content-type': 'application/yaml' }))
}
