import type { Context, Hono } from 'hono'
import { z } from 'zod'
import { chat } from '../dialects/chat/chat.ts'
import { Name, Tag } from '../keys/directives.ts'
import type { Entry } from '../ports.ts'
import { callOf, sentWith } from './data-plane.ts'
import { checked } from '../checked.ts'
import { jsonBody } from './parse.ts'
import type { Env, Service } from './env.ts'

const Listing = z.strictObject({
  namespace: Name.exactOptional(),
  tag: Tag.exactOptional(),
  model: z.string().min(1).exactOptional(),
  q: z.string().min(1).exactOptional(),
  like: z.string().min(1).exactOptional(),
  cursor: z.string().min(1).exactOptional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
})

const PurgeOrder = z.strictObject({
  id: z.string().min(1).exactOptional(),
  namespace: Name.exactOptional(),
  tag: Tag.exactOptional(),
  model: z.string().min(1).exactOptional(),
  olderThan: z.number('must be a number of seconds').min(0, 'must not be negative').exactOptional(),
  all: z.literal(true, 'can only be true').exactOptional(),
  dryRun: z.boolean().default(false),
})

const PutOrder = z.strictObject({
  request: z.record(z.string(), z.unknown(), 'must be the body of a chat request'),
  completion: z.record(z.string(), z.unknown(), 'must be a chat completion'),
})

/** What a tenant keeps: to look at, to put in by hand, and to take out. */
export function entryRoutes(app: Hono<Env>, service: Service): void {
  const { entries, clock } = service

  app.get('/v1/cache/entries', async (c) => {
    const { tenant } = c.get('standing')
    const { limit, cursor, like, ...filter } = checked(Listing, c.req.query())
    if (like !== undefined) {
      const found = await entries.like(tenant, like, filter, limit)
      return c.json({ entries: found.map(({ entry, similarity }) => ({ similarity, ...shown(entry, clock()) })) })
    }
    const page = await entries.list(tenant, filter, limit, cursor)
    return c.json({ entries: page.entries.map((entry) => shown(entry, clock())), next: page.cursor ?? null })
  })

  app.get('/v1/cache/entries/:id', async (c) => {
    const entry = await entries.find(c.get('standing').tenant, c.req.param('id'))
    return c.json({ ...shown(entry, clock()), completion: JSON.parse(entry.completion) as unknown })
  })

  app.delete('/v1/cache/entries/:id', async (c) => {
    await entries.remove(c.get('standing').tenant, c.req.param('id'))
    return c.json({ id: c.req.param('id'), deleted: true })
  })

  app.post('/v1/cache/entries', async (c) => {
    const { request, completion } = await jsonBody(c, PutOrder, service.maxBodyBytes)
    const call = await callOf(JSON.stringify(request), chat, sentWith(c), service)
    const { id, kept } = await service.cache.put(call, JSON.stringify(completion))
    return c.json({ id, kept: kept === 'kept', ...(kept !== 'kept' && { why: kept }) }, kept === 'kept' ? 201 : 422)
  })

  app.post('/v1/cache/purge', async (c: Context<Env>) => {
    const { tenant } = c.get('standing')
    const { olderThan, dryRun, ...rest } = await jsonBody(c, PurgeOrder, service.maxBodyBytes)
    const selector = { ...rest, ...(olderThan !== undefined && { before: clock() - olderThan * 1000 }) }
    if (dryRun) {
      return c.json({ matched: await entries.count(tenant, selector), purged: 0, complete: true, dry_run: true })
    }
    return c.json(await entries.purge(tenant, selector))
  })
}

function shown(entry: Entry, now: number) {
  const { key, question, model, usage, tags, createdAt, expiresAt, keepUntil, space } = entry
  const time = (ms: number) => new Date(ms).toISOString()
  return {
    id: key.id,
    namespace: key.namespace,
    question,
    model,
    usage: usage ? { prompt_tokens: usage.promptTokens, completion_tokens: usage.completionTokens } : null,
    tags,
    space: space ?? null,
    created_at: time(createdAt),
    expires_at: time(expiresAt),
    kept_until: time(keepUntil),
    stale: expiresAt <= now,
  }
}
