/** A number that JavaScript cannot hold, kept as it was written (TC39 "JSON.parse source text access"). */
interface Json {
  parse(text: string, reviver: (key: string, value: unknown, context: { source?: string }) => unknown): unknown
  rawJSON(source: string): object
  isRawJSON(value: unknown): value is { rawJSON: string }
}
const { parse, rawJSON, isRawJSON } = JSON as unknown as Json

/**
 * `JSON.parse`, except that integers beyond 2^53 keep their digits: two seeds that differ only there must not become
 * one, and must reach the model as the caller wrote them. `JSON.stringify` writes them back unchanged.
 */
export function parseJson(text: string): unknown {
  // Almost no request holds such a number, and a reviver costs ten times the parse.
  if (!/\d{16}/.test(text)) return JSON.parse(text)
  return parse(text, (_, value, { source }) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(source ?? '')
      ? rawJSON(source!)
      : value,
  )
}

/** The deepest nesting that is read; a caller's JSON beyond it is refused rather than allowed to exhaust the stack. */
export const MAX_DEPTH = 200

/**
 * JSON with sorted keys, so that equal values are equal text. Array order is kept.
 * Throws a `RangeError` beyond `MAX_DEPTH`.
 */
export function canonicalJson(value: unknown, depth = 0): string {
  if (depth > MAX_DEPTH) throw new RangeError(`nested deeper than ${MAX_DEPTH} levels`)
  if (typeof value !== 'object' || value === null || isRawJSON(value)) return JSON.stringify(value) ?? 'null'
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item, depth + 1)).join(',')}]`

  let members = ''
  for (const [name, member] of Object.entries(value).sort(byName)) {
    if (member === undefined) continue
    members += `${members && ','}${JSON.stringify(name)}:${canonicalJson(member, depth + 1)}`
  }
  return `{${members}}`
}

const byName = ([a]: [string, unknown], [b]: [string, unknown]) => (a < b ? -1 : 1)
