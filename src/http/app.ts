import { Hono } from 'hono'
import { admin } from './admin.ts'
import { admission } from './admission.ts'
import { controlPlane } from './control-plane.ts'
import { dataPlane } from './data-plane.ts'
import { errorResponse, unknownUrl } from './errors.ts'
import type { Env, Service } from './env.ts'
import { begin } from './observe.ts'
import { ops } from './ops.ts'
import { operatorUsageRoutes } from './usage.ts'
import { passThrough } from './pass-through.ts'

/** The service as a web-standard `fetch(request)`: routes only, no port. */
export function createApp(service: Service) {
  const app = new Hono<Env>()
  app.use('*', begin)
  ops(app, service)
  admin(app, service)
  operatorUsageRoutes(app, service)
  app.all('/v1/admin/*', unknownUrl)
  app.use('/v1/*', admission(service))
  controlPlane(app, service)
  dataPlane(app, service)
  passThrough(app, service)
  app.notFound(unknownUrl)
  app.onError((error, c) => errorResponse(error, c, service))
  return app
}
