import type { Vector } from '../../src/ports.ts'

/** Character n-grams of 3 to 5, counted in hashed slots: what can be had without knowing anything. */
export function ngrams(text: string): Vector | undefined {
  const letters = ` ${(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join(' ')} `
  const counts = new Float32Array(SLOTS)
  for (let start = 0; start < letters.length; start++) {
    let hash = 0x811c9dc5
    for (let at = start; at < Math.min(start + 5, letters.length); at++) {
      hash = Math.imul(hash ^ letters.charCodeAt(at), 0x01000193)
      if (at - start >= 2) counts[(hash ^ (hash >>> 15)) & (SLOTS - 1)]!++
    }
  }
  const length = Math.hypot(...counts)
  return length > 0 ? counts.map((count) => count / length) : undefined
}

const SLOTS = 1_024
