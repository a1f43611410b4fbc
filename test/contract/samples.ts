import { createHash } from 'node:crypto'
import type { Entry, Key, Pointer, Probe, Vector } from '../../src/ports.ts'

/** A key as the service would make it: the name follows from the four parts. */
export function aKey(parts: Partial<Omit<Key, 'id'>> = {}): Key {
  const key = { tenant: 'acme', namespace: 'default', scope: hex('scope'), digest: hex('question'), ...parts }
  const id = `ent_${hex(JSON.stringify([key.tenant, key.namespace, key.scope, key.digest])).slice(0, 24)}`
  return { id, ...key }
}

export function anEntry(createdAt: number, parts: Partial<Entry> = {}): Entry {
  return {
    key: aKey(),
    question: 'What is the capital of France?',
    completion: '{"choices":[{"message":{"role":"assistant","content":"Paris."}}]}',
    model: 'gpt-mini',
    usage: { promptTokens: 14, completionTokens: 3 },
    tags: [],
    vector: undefined,
    space: undefined,
    tookMs: 250,
    createdAt,
    expiresAt: createdAt + 60_000,
    keepUntil: createdAt + 120_000,
    epoch: 0,
    ...parts,
  }
}

export function aPointer(createdAt: number, probe: Probe, parts: Partial<Pointer> = {}): Pointer {
  return {
    key: aKey(),
    space: 'plane@1',
    probe,
    question: 'What is the capital of France?',
    createdAt,
    expiresAt: createdAt + 60_000,
    keepUntil: createdAt + 120_000,
    ...parts,
  }
}

/** The unit vector at so many degrees from the first axis, towards the second. */
export function direction(dimensions: number, degrees: number): Vector {
  const radians = (degrees * Math.PI) / 180
  const vector = new Float32Array(dimensions)
  vector.set([Math.cos(radians), Math.sin(radians)])
  return vector
}

export function hex(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
