import { randomUUID } from 'node:crypto'
import { onTestFinished } from 'vitest'
import type { Clock, Entry, Key, Store } from '../../src/ports.ts'
import { aKey, anEntry } from './samples.ts'

/** A store to be judged. Its clock stands still but for `advance`; other tenants may already be in it. */
export interface StoreSubject {
  readonly store: Store
  readonly clock: Clock
  advance(ms: number): void
}

export interface StoreContract {
  readonly name: string
  create(): Promise<StoreSubject>
  /** True of a service that gives back the space of the dead by itself, so that a sweep may find none. */
  readonly sweepsByItself?: boolean
}

/** A store as one test sees it: each test is a tenant of its own, so that they may share one service. */
export type OpenStore = Awaited<ReturnType<typeof openStore>>

export async function openStore(create: StoreContract['create']) {
  const subject = await create()
  onTestFinished(() => subject.store.close())
  const tenant = `t${randomUUID().replaceAll('-', '')}`
  const keyed = (parts: Partial<Key> = {}) => aKey({ tenant, ...parts })
  const entry = (parts: Partial<Entry> = {}) => anEntry(subject.clock(), { key: keyed(), ...parts })
  const mine = async () => {
    const found: Entry[] = []
    for await (const each of subject.store.entries()) if (each.key.tenant === tenant) found.push(each)
    return found
  }
  return { ...subject, keyed, entry, mine }
}
