import type { Clock, Index, Partition, Probe, Vector } from '../../ports.ts'
import { partition } from './partition.ts'
import type { Row, Rows } from './partition.ts'

/** An index in memory, exact for any partition of a common size. Starts empty: fill it from the store. */
export function flatIndex({ clock }: { readonly clock: Clock }): Index {
  const partitions = new Map<string, Rows>()
  const homes = new Map<string, { readonly name: string; readonly row: Row }>()

  return {
    async nearest(within, probe, limit, expiringAfter) {
      const vector = vectorOf(probe)
      const name = nameOf(within)
      const rows = partitions.get(name)
      if (!rows) return []
      requireSize(vector, rows, name)
      for (const row of rows.removeDead(clock())) homes.delete(row.key.id)
      if (rows.isEmpty()) partitions.delete(name)
      return rows.nearest(unitOf(vector), limit, expiringAfter)
    },
    async add(pointer) {
      const { key, space } = pointer
      const vector = vectorOf(pointer.probe)
      const name = nameOf({ ...key, space })
      const rows = partitions.get(name) ?? partition(vector.length)
      requireSize(vector, rows, name)
      const unit = unitOf(vector)
      forget(key.id)
      partitions.set(name, rows)
      homes.set(key.id, { name, row: rows.add(pointer, unit) })
    },
    async delete(key) {
      forget(key.id)
    },
    async size() {
      return homes.size
    },
  }

  function forget(id: string): void {
    const home = homes.get(id)
    if (!home) return
    homes.delete(id)
    const rows = partitions.get(home.name)
    rows?.remove(home.row)
    if (rows?.isEmpty()) partitions.delete(home.name)
  }
}

function nameOf({ tenant, namespace, scope, space }: Partition): string {
  return JSON.stringify([tenant, namespace, scope, space])
}

function vectorOf(probe: Probe): Vector {
  if (typeof probe !== 'string') return probe
  throw new RangeError('a question in words has no place here: this index does not embed')
}

function requireSize(vector: Vector, { dimensions }: Rows, name: string): void {
  if (vector.length === dimensions) return
  throw new RangeError(
    `a vector of ${vector.length} dimensions cannot be compared with those of ${dimensions} in ${name}`,
  )
}

/** The same direction at unit length. A vector without direction stays one: it is at right angles to everything. */
function unitOf(vector: Vector): Vector {
  let squares = 0
  for (const value of vector) squares += value * value
  if (!Number.isFinite(squares)) throw new RangeError('a vector with an infinite or undefined coordinate has no place')
  const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0
  return vector.map((value) => value * scale)
}
