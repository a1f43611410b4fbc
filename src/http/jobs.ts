import type { Hono } from 'hono'
import { z } from 'zod'
import { ServiceError } from '../errors.ts'
import type { Job } from '../jobs/job.ts'
import { Questions } from '../jobs/kinds/warm-up.ts'
import { linesOf } from '../jobs/spool.ts'
import { Name, Tag } from '../keys/directives.ts'
import type { Env, Service } from './env.ts'
import { checked } from '../checked.ts'
import { jsonBody } from './parse.ts'

const Export = z.strictObject({
  namespace: Name.exactOptional(),
  tag: Tag.exactOptional(),
  model: z.string().min(1).exactOptional(),
  after: z.string().min(1).exactOptional(),
})

const WarmUp = z.looseObject({ questions: Questions })

/** Work in the background, and what it moves: answers out, answers in, questions ahead of time. */
export function jobRoutes(app: Hono<Env>, { jobs, entries, maxBodyBytes }: Service): void {
  app.get('/v1/cache/export', async (c) => {
    const { tenant } = c.get('standing')
    const { after, ...filter } = checked(Export, c.req.query())
    const pages = entries.exported(tenant, filter, after)
    // The first page before the head: what is wrong with `after` is then still an error, and not half a file.
    const first = await pages.next()
    const body = ReadableStream.from(
      (async function* () {
        if (!first.done) yield first.value
        yield* pages
      })(),
    ).pipeThrough(new TextEncoderStream())
    return c.body(body, 200, { 'content-type': 'application/x-ndjson' })
  })

  app.post('/v1/cache/import', async (c) => {
    const { body } = c.req.raw
    if (!body) throw new ServiceError(400, 'invalid_request', 'the body must be lines of JSON, as an export gives them')
    return c.json(shown(await jobs.enqueue(c.get('standing').tenant, 'import', {}, linesOf(body))), 202)
  })

  app.post('/v1/cache/warm-up', async (c) => {
    const { questions, ...params } = await jsonBody(c, WarmUp, maxBodyBytes)
    const lines = questions.map((question) => JSON.stringify(question))
    return c.json(shown(await jobs.enqueue(c.get('standing').tenant, 'warm-up', params, lines)), 202)
  })

  app.post('/v1/cache/re-embed', async (c) =>
    c.json(shown(await jobs.enqueue(c.get('standing').tenant, 're-embed', {})), 202),
  )

  app.get('/v1/cache/jobs', async (c) =>
    c.json({ jobs: (await jobs.list(c.get('standing').tenant)).map((job) => shown(job)) }),
  )

  app.get('/v1/cache/jobs/:id', async (c) => {
    const { id } = c.req.param()
    return c.json(shown(await jobs.get(c.get('standing').tenant, id), id))
  })

  app.delete('/v1/cache/jobs/:id', async (c) => {
    const { id } = c.req.param()
    return c.json(shown(await jobs.cancel(c.get('standing').tenant, id), id))
  })
}

/** A job as its tenant sees it. */
function shown(job: Job | undefined, id = '') {
  if (!job) throw new ServiceError(404, 'no_such_job', `there is no job ${JSON.stringify(id)}`, { param: 'id' })
  const { kind, state, attempts, progress, error, result, createdAt, updatedAt, runAt } = job
  const time = (ms: number) => new Date(ms).toISOString()
  return {
    id: job.id,
    kind,
    state,
    attempts,
    progress: { total: null, ...progress },
    created_at: time(createdAt),
    updated_at: time(updatedAt),
    ...(state === 'waiting' && { due_at: time(runAt) }),
    ...(error !== undefined && { error }),
    ...(result !== undefined && { result }),
  }
}
