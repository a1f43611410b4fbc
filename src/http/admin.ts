import type { Hono } from 'hono'
import { z } from 'zod'
import { KeyTerms } from '../tenancy/api-key.ts'
import type { Directory } from '../tenancy/directory.ts'
import { NamespaceName, Settings } from '../tenancy/settings.ts'
import { TenantInput } from '../tenancy/tenant.ts'
import { operatorOnly } from './auth.ts'
import type { Env } from './env.ts'
import { checked } from '../checked.ts'
import { jsonBody } from './parse.ts'

/** What these routes are made of. */
export interface AdminService {
  readonly directory: Directory
  /** Absent: there is no operator, and nothing of this is there. */
  readonly adminKey: string | undefined
  readonly maxBodyBytes: number
}

/** For the operator: who may ask, and what holds for them. Nobody else gets below `/v1/admin`, to no route there is. */
export function admin(app: Hono<Env>, { directory, adminKey, maxBodyBytes }: AdminService): void {
  const { tenants, keys } = directory
  app.use('/v1/admin/*', operatorOnly(adminKey))

  app.get('/v1/admin/tenants', async (c) => c.json({ tenants: await tenants.list() }))

  app.get('/v1/admin/tenants/:id', async (c) => c.json(await tenants.get(c.req.param('id'))))

  app.put('/v1/admin/tenants/:id', async (c) => {
    const input = await jsonBody(c, TenantInput, maxBodyBytes)
    const { tenant, created } = await tenants.put(c.req.param('id'), input)
    return c.json(tenant, created ? 201 : 200)
  })

  app.delete('/v1/admin/tenants/:id', async (c) => {
    await tenants.remove(c.req.param('id'))
    return c.json({ id: c.req.param('id'), deleted: true })
  })

  app.get('/v1/admin/tenants/:id/keys', async (c) => {
    const { id } = await tenants.get(c.req.param('id'))
    return c.json({ keys: await keys.list(id) })
  })

  app.post('/v1/admin/tenants/:id/keys', async (c) => {
    const terms = await jsonBody(c, KeyTerms, maxBodyBytes)
    const made = await keys.create(await tenants.own(c.req.param('id')), terms)
    return c.json(made, 201, { 'cache-control': 'no-store' })
  })

  app.delete('/v1/admin/tenants/:id/keys/:key', async (c) => {
    const { id } = await tenants.get(c.req.param('id'))
    return c.json(await keys.revoke(id, c.req.param('key')))
  })

  app.post('/v1/admin/reseal', async (c) => c.json({ resealed: await tenants.reseal() }))

  const policy = '/v1/admin/tenants/:id/namespaces/:namespace/policy'

  app.get(policy, async (c) => {
    const [id, namespace] = [c.req.param('id'), namespaceOf(c.req.param('namespace'))]
    if (c.req.query('effective') !== undefined) return c.json(await directory.effective(id, namespace))
    const { namespaces = {} } = await tenants.get(id)
    return c.json(Object.hasOwn(namespaces, namespace) ? namespaces[namespace]! : {})
  })

  app.put(policy, async (c) => {
    const namespace = namespaceOf(c.req.param('namespace'))
    const settings = await jsonBody(c, Settings, maxBodyBytes)
    await tenants.setPolicy(c.req.param('id'), namespace, settings)
    return c.json(settings)
  })

  app.delete(policy, async (c) => {
    const namespace = namespaceOf(c.req.param('namespace'))
    await tenants.setPolicy(c.req.param('id'), namespace, undefined)
    return c.json({ namespace, deleted: true })
  })
}

const Path = z.object({ namespace: NamespaceName })
const namespaceOf = (namespace: string) => checked(Path, { namespace }).namespace
