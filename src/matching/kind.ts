import { type Reading, facet, list } from './reading.ts'

/** What a question asks for: something, somebody, a way, a reason, a time, a place; a yes or no; or `other`. */
export type Kind = 'what' | 'who' | 'how' | 'why' | 'when' | 'where' | 'yes' | 'other'

/** By the first word that says so. */
export const kindOf = facet(({ words }: Reading): Kind => {
  for (const { text } of words) {
    const kind = kinds.get(text)
    if (kind) return kind
  }
  return 'other'
})

const kinds = new Map<string, Kind>([
  ...list('what which').map((word) => [word, 'what'] as const),
  ...list('who whom whose').map((word) => [word, 'who'] as const),
  ...(['how', 'why', 'when', 'where'] as const).map((word) => [word, word] as const),
  ...list(`is are am was were do does did can could should would will shall may might must has have had`).map(
    (word) => [word, 'yes'] as const,
  ),
])
