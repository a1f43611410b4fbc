import type { Ports } from '../ports.ts'

/** How long a version that was the records' is still taken for theirs. */
export const CONFIRM_MS = 1_000

/** The versions of some kinds of records, as one replica knows them. */
export interface Versions {
  /** What it was a second ago, or later. Rejects if that cannot be told. */
  current(kind: string): Promise<string>
  /** The same if nobody has to be asked for it. */
  known(kind: string): string | undefined
  /** What is known, and what is being asked, may have changed since. */
  doubt(): void
}

interface Asked {
  readonly versions: Promise<ReadonlyMap<string, string>>
  readonly since: number
}

interface Confirmed {
  readonly versions: ReadonlyMap<string, string>
  readonly since: number
}

/** Asks for all of them at once, as it costs no more, and twice a second while anybody wants to know one. */
export function createVersions(
  { records, clock }: Pick<Ports, 'records' | 'clock'>,
  kinds: readonly string[],
): Versions {
  let confirmed: Confirmed | undefined
  let asking: Asked | undefined

  return {
    async current(kind) {
      if (!isYoung(confirmed, CONFIRM_MS)) return (await confirm()).get(kind)!
      // Ahead of time, so that nobody has to wait for it later.
      if (!isYoung(confirmed, CONFIRM_MS / 2)) confirm().catch(() => {})
      return confirmed.versions.get(kind)!
    },
    known: (kind) => (isYoung(confirmed, CONFIRM_MS) ? confirmed.versions.get(kind) : undefined),
    doubt() {
      confirmed = undefined
      asking = undefined
    },
  }

  /** Asks once for all who want to know it at the same time. */
  function confirm(): Asked['versions'] {
    if (isYoung(asking, CONFIRM_MS)) return asking.versions
    // It may change as soon as it has been looked up, so it is as old as the question.
    const since = clock()
    const ours = { since, versions: ask() }
    asking = ours
    return ours.versions

    async function ask(): Promise<ReadonlyMap<string, string>> {
      try {
        const [kind, ...others] = kinds
        const found = others.length > 0 ? await records.versions(kinds) : [await records.version(kind!)]
        const versions = new Map(kinds.map((kind, at) => [kind, found[at]!]))
        if (asking === ours) confirmed = { versions, since }
        return versions
      } finally {
        if (asking === ours) asking = undefined
      }
    }
  }

  function isYoung<T extends { readonly since: number }>(it: T | undefined, ms: number): it is T {
    return it !== undefined && clock() - it.since < ms
  }
}
