export interface Size {
  readonly entries: number
  readonly bytes: number
}

/** Knows how much there is of each tenant's and in all, from what it is told of every entry that comes or goes. */
export function holdings(tenants: readonly (Size & { readonly tenant: string })[]) {
  const sizes = new Map<string, Size>()
  let all: Size = NOTHING
  let changes: (readonly [tenant: string, entries: number, bytes: number])[] | undefined
  for (const { tenant, entries, bytes } of tenants) change(tenant, entries, bytes)

  return {
    all: () => all,
    of: (tenant: string) => sizes.get(tenant) ?? NOTHING,
    gain: (tenant: string, bytes: number) => change(tenant, 1, bytes),
    lose: (tenant: string, bytes: number) => change(tenant, -1, -bytes),
    /** Forgets what it was told by `work` if that fails. */
    unlessItFails<T>(work: () => T): T {
      changes = []
      try {
        return work()
      } catch (error) {
        for (const [tenant, entries, bytes] of changes.splice(0)) change(tenant, -entries, -bytes)
        throw error
      } finally {
        changes = undefined
      }
    },
  }

  function change(tenant: string, entries: number, bytes: number): void {
    const size = sum(sizes.get(tenant) ?? NOTHING, { entries, bytes })
    if (size.entries > 0) sizes.set(tenant, size)
    else sizes.delete(tenant)
    all = sum(all, { entries, bytes })
    changes?.push([tenant, entries, bytes])
  }
}

const NOTHING: Size = { entries: 0, bytes: 0 }

function sum(one: Size, other: Size): Size {
  return { entries: one.entries + other.entries, bytes: one.bytes + other.bytes }
}
