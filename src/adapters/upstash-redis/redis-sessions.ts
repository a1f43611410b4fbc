import { hash } from 'node:crypto'
import { z } from 'zod'
import type { Clock, Sessions } from '../../ports.ts'
import type { Send } from './client.ts'
import { json } from './record.ts'

export interface RedisSessionsOptions {
  readonly send: Send
  readonly clock: Clock
  readonly prefix: string
}

/** Sessions that all replicas share. Their names are the callers' own words, so only digests of them are kept. */
export function redisSessions({ send, clock, prefix }: RedisSessionsOptions): Sessions {
  const nameOf = (tenant: string, session: string) =>
    `${prefix}:session:${hash('sha256', JSON.stringify([tenant, session]))}`

  return {
    async get(tenant, session) {
      const kept = record.safeParse(await send('GET', nameOf(tenant, session))).data
      return kept && kept.keepUntil > clock() ? kept.turns : undefined
    },
    async put(tenant, session, turns, keepUntil) {
      const text = JSON.stringify({ turns, keepUntil })
      await send('SET', nameOf(tenant, session), text, 'PXAT', Math.ceil(keepUntil))
    },
  }
}

const record = json.pipe(z.object({ turns: z.string(), keepUntil: z.number() }))
