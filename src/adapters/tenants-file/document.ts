import { type Document, LineCounter, type Node, isAlias, isMap, isScalar, isSeq, parseDocument } from 'yaml'
import type { z } from 'zod'

/** All that is wrong with a file, each fault with the line that it is on. */
export class UnusableFile extends Error {
  override readonly name = 'UnusableFile'
  readonly faults: readonly string[]
  constructor(faults: readonly string[]) {
    super(faults.join('\n'))
    this.faults = faults
  }
}

/** Reads YAML, of which JSON is a part; throws an `UnusableFile` if it is not what the schema asks for. */
export function readDocument<T>(text: string, path: string, schema: z.ZodType<T>): T {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true })
  const at = (offset: number) => `${path}:${lines.linePos(offset).line || 1}`
  const malformed = [...document.errors, ...document.warnings]
  if (malformed.length > 0) throw new UnusableFile(malformed.map(({ pos, message }) => `${at(pos[0])}: ${message}`))

  const parsed = schema.safeParse(valueOf(document, path))
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.flatMap(apart).map(({ path, message }) => {
    const name = path.length > 0 ? `${path.join('.')}: ` : ''
    return `${at(offsetOf(document, path))}: ${name}${message}`
  })
  throw new UnusableFile(faults)
}

function valueOf(document: Document.Parsed, path: string): unknown {
  try {
    return document.toJS()
  } catch (error) {
    // Aliases of aliases of aliases, which come to more than there is memory for.
    throw new UnusableFile([`${path}:1: ${(error as Error).message}`])
  }
}

/** An issue with several names at once, as one for each, that points at the name. */
function apart(issue: z.core.$ZodIssue): { readonly path: readonly PropertyKey[]; readonly message: string }[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...issue.path, key], message: 'is not known here' }))
  }
  if (issue.code === 'invalid_key') return issue.issues.map(({ message }) => ({ path: issue.path, message }))
  return [issue]
}

/** Where the path leads; what is missing has the place of what it is missing from. */
function offsetOf(document: Document.Parsed, path: readonly PropertyKey[]): number {
  let node: unknown = document.contents
  let offset = startOf(node) ?? 0
  for (const step of path) {
    const here = isAlias(node) ? node.resolve(document) : node
    if (isMap(here)) {
      const pair = here.items.find(({ key }) => isScalar(key) && key.value === step)
      if (!pair) return offset
      offset = startOf(pair.key) ?? offset
      node = pair.value
      continue
    }
    if (!isSeq(here)) return offset
    node = here.items[Number(step)]
    offset = startOf(node) ?? offset
  }
  return offset
}

const startOf = (node: unknown) => (node as Node | null | undefined)?.range?.[0]
