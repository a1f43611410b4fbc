import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Clock, Sessions } from '../../src/ports.ts'

/** Sessions to be judged. Their clock stands still but for `advance`; other tenants may already be in them. */
export interface SessionsSubject {
  readonly sessions: Sessions
  readonly clock: Clock
  advance(ms: number): void
}

/** The laws of the port `Sessions`. */
export function sessionsContract({ name, create }: { name: string; create(): Promise<SessionsSubject> }): void {
  const open = async () => {
    const subject = await create()
    const tenant = `t${randomUUID().replaceAll('-', '')}`
    return { ...subject, tenant, keepUntil: subject.clock() + 60_000 }
  }

  describe(`${name} keeps the laws of sessions`, () => {
    it('get returns nothing for a conversation that has said nothing', async () => {
      const { sessions, tenant } = await open()
      expect(await sessions.get(tenant, 'chat')).toBeUndefined()
    })

    it('get returns what was last put', async () => {
      const { sessions, tenant, keepUntil } = await open()
      await sessions.put(tenant, 'chat', 'first', keepUntil)
      await sessions.put(tenant, 'chat', 'second', keepUntil)
      expect(await sessions.get(tenant, 'chat')).toBe('second')
    })

    it('get returns digests that look like numbers as they were put', async () => {
      const { sessions, tenant, keepUntil } = await open()
      await sessions.put(tenant, 'chat', '0123456789012345678901234567890', keepUntil)
      expect(await sessions.get(tenant, 'chat')).toBe('0123456789012345678901234567890')
    })

    it('get never returns what another tenant, or another conversation, has said', async () => {
      const { sessions, tenant, keepUntil } = await open()
      await sessions.put(tenant, 'chat', 'turns', keepUntil)
      expect(await sessions.get(`${tenant}2`, 'chat')).toBeUndefined()
      expect(await sessions.get(tenant, 'chat2')).toBeUndefined()
    })

    it.each([':', '/', '/../', '\n', ' ', '%2F', '*', '🗼', "'; --"])(
      'a name with %j in it is a name of its own',
      async (odd) => {
        const { sessions, tenant, keepUntil } = await open()
        const names = [`a${odd}b`, 'a', 'b', `${odd}a${odd}b`, `a${odd}`, 'ab']
        for (const name of names) await sessions.put(tenant, name, `turns of ${name}`, keepUntil)
        const found = await Promise.all(names.map((name) => sessions.get(tenant, name)))
        expect(found).toEqual(names.map((name) => `turns of ${name}`))
      },
    )

    it('get returns nothing at keepUntil, to the millisecond', async () => {
      const { sessions, tenant, keepUntil, advance } = await open()
      await sessions.put(tenant, 'chat', 'turns', keepUntil)
      advance(59_999)
      expect(await sessions.get(tenant, 'chat')).toBe('turns')
      advance(1)
      expect(await sessions.get(tenant, 'chat')).toBeUndefined()
    })

    it('put renews keepUntil', async () => {
      const { sessions, tenant, keepUntil, advance } = await open()
      await sessions.put(tenant, 'chat', 'first', keepUntil)
      await sessions.put(tenant, 'chat', 'second', keepUntil + 1)
      advance(60_000)
      expect(await sessions.get(tenant, 'chat')).toBe('second')
    })
  })
}
