import { LRUCache } from 'lru-cache'
import type { Hit } from '../insight/outcome.ts'
import type { Features } from '../matching/scorer.ts'
import type { Key } from '../ports.ts'
import { hitId, madeOf, shortened } from './hit-id.ts'

/** A question as it was asked, and where its answer would have been. */
export interface AskedQuestion {
  readonly key: Key
  readonly question: string
  /** What the match was weighed by; absent if a threshold decided. */
  readonly features?: Features | undefined
}

export type Hits = ReturnType<typeof createHits>

/** In characters of questions, with a flat rate for the rest. */
const ROOM = 4_000_000

/** Gives hits their ids, and remembers for a while what was asked in those of the latest that were not word for word. */
export function createHits() {
  const recent = new LRUCache<string, AskedQuestion>({
    maxSize: ROOM,
    sizeCalculation: ({ question }) => question.length + 400,
  })

  return {
    /** A fresh request id for what has been served. */
    name({ entry, via, asked, score, offset = 0, features }: Hit, question: string): string {
      const { tenant, id } = entry.key
      const note = {
        entry: id,
        question: shortened(asked.digest),
        score: score && score - offset,
        made: madeOf(entry.createdAt),
      }
      const name = hitId(tenant, note)
      if (via === 'semantic') recent.set(name, { key: asked, question, features })
      return name
    },
    /** What was asked, if it was here and not long ago. */
    recall: (name: string): AskedQuestion | undefined => recent.get(name),
  }
}
