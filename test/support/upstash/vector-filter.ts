import { Refusal } from './vector-refusal.ts'

export type Filter = (metadata: unknown) => boolean

/**
 * Reads a metadata filter. What is not documented is read as in SQLite, whose dialect it seems to be: a comparison
 * with a field that is missing, or not of the operator's types, holds neither way.
 */
export function parseFilter(text: string): Filter {
  const tokens = tokensOf(text)
  let at = 0

  const isNext = (...words: string[]) => words.every((word, nth) => tokens[at + nth]?.toUpperCase() === word)
  function take(...words: string[]): boolean {
    if (!isNext(...words)) return false
    at += words.length
    return true
  }
  const next = () => tokens[at++] ?? malformed(text)
  const expect = (word: string) => take(word) || malformed(text)

  function either(): Filter {
    const sides = [both()]
    while (take('OR')) sides.push(both())
    return (metadata) => sides.some((side) => side(metadata))
  }

  function both(): Filter {
    const sides = [one()]
    while (take('AND')) sides.push(one())
    return (metadata) => sides.every((side) => side(metadata))
  }

  function one(): Filter {
    if (take('(')) {
      const inner = either()
      expect(')')
      return inner
    }
    if (take('HAS', 'FIELD')) return fieldAt(next(), (value) => value !== undefined)
    if (take('HAS', 'NOT', 'FIELD')) return fieldAt(next(), (value) => value === undefined)
    return fieldAt(next(), test())
  }

  function test(): (value: unknown) => boolean {
    const wanted = !take('NOT')
    if (take('GLOB')) {
      const pattern = literal()
      if (typeof pattern !== 'string') return malformed(text)
      const glob = globOf(pattern)
      return (value) => typeof value === 'string' && glob.test(value) === wanted
    }
    if (take('IN')) {
      const allowed = list()
      return (value) => isScalar(value) && allowed.includes(plain(value)) === wanted
    }
    if (take('CONTAINS')) {
      const member = literal()
      return (value) => Array.isArray(value) && value.map(plain).includes(member) === wanted
    }
    if (!wanted) return malformed(text)
    return comparison(next(), literal())
  }

  function comparison(operator: string, operand: string | number): (value: unknown) => boolean {
    if (operator === '=') return (value) => isScalar(value) && plain(value) === operand
    if (operator === '!=') return (value) => isScalar(value) && plain(value) !== operand
    const holds = ORDER.get(operator)
    if (!holds || typeof operand !== 'number') return malformed(text)
    return (value) => typeof value === 'number' && holds(value, operand)
  }

  function list(): unknown[] {
    expect('(')
    const members: unknown[] = [literal()]
    while (take(',')) members.push(literal())
    expect(')')
    return members
  }

  function literal(): string | number {
    if (take('TRUE')) return 1
    if (take('FALSE')) return 0
    const token = next()
    if (/^['"]/.test(token)) return token.slice(1, -1)
    return /^[-+.\d]/.test(token) ? Number(token) : malformed(text)
  }

  const filter = either()
  return at === tokens.length ? filter : malformed(text)
}

function malformed(text: string): never {
  throw new Refusal(422, `Invalid filter: ${text}`)
}

const TOKEN =
  /\s*('[^']*'|"[^"]*"|[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?|[a-zA-Z_][a-zA-Z_0-9.[\]#-]*|[<>!]=|[=<>(),])\s*/y

function tokensOf(text: string): string[] {
  const tokens: string[] = []
  for (let end = 0; end < text.length; end = TOKEN.lastIndex) {
    TOKEN.lastIndex = end
    tokens.push(TOKEN.exec(text)?.[1] ?? malformed(text))
  }
  return tokens
}

const ORDER = new Map<string, (value: number, operand: number) => boolean>([
  ['<', (value, operand) => value < operand],
  ['<=', (value, operand) => value <= operand],
  ['>', (value, operand) => value > operand],
  ['>=', (value, operand) => value >= operand],
])

const PATH = /^[a-zA-Z_][a-zA-Z_0-9-]*(?:\.[a-zA-Z_0-9-]+|\[\d+\]|\[#-[1-9]\d*\])*$/

function fieldAt(path: string, holds: (value: unknown) => boolean): Filter {
  if (!PATH.test(path)) malformed(path)
  const steps = path.match(/\[[^\]]+\]|[^.[]+/g) ?? []
  return (metadata) => holds(steps.reduce(step, metadata))
}

function step(value: unknown, name: string): unknown {
  if (name.startsWith('['))
    return Array.isArray(value) ? value.at(Number(name.slice(1, -1).replace('#', ''))) : undefined
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, name))
    return undefined
  return (value as Record<string, unknown>)[name]
}

const isScalar = (value: unknown) => ['string', 'number', 'boolean'].includes(typeof value)

/** Booleans are 1 and 0. */
const plain = (value: unknown) => (typeof value === 'boolean' ? Number(value) : value)

function globOf(pattern: string): RegExp {
  const pieces = pattern.match(/\[\^?[^\]]+\]|[^]/gu) ?? []
  const source = pieces.map((piece) => {
    if (piece === '*') return '[^]*'
    if (piece === '?') return '[^]'
    if (piece.length > 1 && piece.startsWith('[')) return `[${piece.slice(1, -1).replaceAll(/[\\[]/g, '\\$&')}]`
    return piece.replace(/[\\^$.+(){}|[\]/]/, '\\$&')
  })
  return new RegExp(`^${source.join('')}$`, 'u')
}
