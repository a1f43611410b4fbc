import { expect } from 'vitest'
import type { Caller } from './house.ts'

/** Whose an answer is: it may be given to whoever is alike in all of this, and to nobody else. */
export interface Room {
  readonly tenant: string
  readonly namespace: string
  readonly user: string | undefined
  readonly organization: string | undefined
  readonly model: string
  /** What the conversation had said before. */
  readonly said: string
}

interface Owner {
  readonly tenant: string
  readonly room?: Room
}

export type Oracle = ReturnType<typeof createOracle>

/**
 * What gives an owner away: labels of questions, ids of entries, jobs and keys, the keys that the model is shown. None of
 * them can stand in a vector's base64 by chance.
 */
const MARK = /L-\d+-|ent_[0-9a-f]{24}|job_[0-9a-f]{24}|key_[0-9a-f]{16}|(?:sk|SK)-[A-Za-z0-9-]+/g

/** Knows whose everything is, and says so when somebody is shown what is another's. */
export function createOracle(callers: readonly Caller[]) {
  const owners = new Map<string, Owner>(callers.map(({ tenant, shown }) => [shown, { tenant }]))
  const requests = new Map<string, number>()
  const failures = new Map<string, Map<string, number>>()
  const outcomes = new Map<string, number>()
  let labels = 0
  let checked = 0

  return {
    /** A new label for what is asked in that room. */
    label(room: Room): string {
      const label = `L-${++labels}-`
      owners.set(label, { tenant: room.tenant, room })
      return label
    },

    roomOf: (label: string): Room | undefined => owners.get(label)?.room,

    /** Everything in the text must be the tenant's, and of that room if one is given; `but` is what it had said itself. */
    check(text: string, { tenant, room }: Owner, but = ''): void {
      for (const { 0: mark, index } of text.matchAll(MARK)) {
        checked++
        const owner = owners.get(mark)
        if (!owner && !/^(?:ent|job|key)_/.test(mark)) expect.fail(`${tenant} was shown ${mark}, which is nobody’s`)
        if (!owner) owners.set(mark, { tenant, ...(room && { room }) })
        if (!owner || but.includes(mark)) continue
        const excerpt = text.slice(Math.max(0, index - 200), index + 200)
        if (owner.tenant !== tenant)
          expect.fail(`${tenant} was shown ${mark}, which is ${owner.tenant}’s: … ${excerpt} …`)
        if (room && owner.room) expect(owner.room, `${tenant} was shown ${mark}`).toEqual(room)
      }
    },

    /** The ids that others of that kind have, as far as they have been seen. */
    others: (tenant: string, kind: 'ent' | 'job' | 'key'): string[] =>
      [...owners]
        .filter(([mark, owner]) => mark.startsWith(`${kind}_`) && owner.tenant !== tenant)
        .map(([mark]) => mark),

    /** Counts what the service ought to have counted for a tenant. */
    count(tenant: string, howMany = 1): void {
      requests.set(tenant, (requests.get(tenant) ?? 0) + howMany)
    },
    fail(tenant: string, name: string): void {
      const own = failures.get(tenant) ?? new Map<string, number>()
      failures.set(tenant, own.set(name, (own.get(name) ?? 0) + 1))
    },
    /** How often an answer came about in that way, whoever had asked. */
    note: (outcome: string): void => void outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1),
    outcomes,
    requestsOf: (tenant: string): number => requests.get(tenant) ?? 0,
    failuresOf: (tenant: string) => Object.fromEntries(failures.get(tenant) ?? []),
    checked: () => checked,
  }
}
