import { z } from 'zod'
import { partialCompletion } from './partial-completion.ts'

/** What goes wrong, or slowly, on purpose. */
export interface Faults {
  /** Wait before the head. */
  readonly latencyMs?: number | undefined
  /** Wait before each event of a stream. */
  readonly chunkLatencyMs?: number | undefined
  /** Answer with this error instead. */
  readonly error?: MockError | undefined
  /** The body breaks after this many events; one that is not streamed breaks halfway, or at once if 0. */
  readonly cutAfter?: number | undefined
  /** Never answer: only the request's own signal ends the wait. */
  readonly hang?: boolean | undefined
}

/** An error answer; what is left out is filled in by its status. */
export type MockError = z.infer<typeof mockError>

/** When `text` or `pattern` fits the last user message, this happens; without an `answer` the question is echoed. */
export type MockRule = z.infer<typeof mockRule>

/** Every fault of a set of rules at once, a line each. */
export class MockRulesError extends Error {
  readonly faults: readonly string[]

  constructor(faults: readonly string[]) {
    super(`these mock rules cannot be used:\n${faults.map((fault) => `  ${fault}`).join('\n')}`)
    this.name = 'MockRulesError'
    this.faults = faults
  }
}

/** The rules in a JSON text, or a `MockRulesError` that names source, rule and field of every fault. */
export function parseMockRules(json: string, source: string): MockRule[] {
  const parsed = z.array(mockRule).safeParse(parseJson(json, source))
  if (parsed.success) return parsed.data

  throw new MockRulesError(
    parsed.error.issues.map(({ path: [rule, ...field], message }) => {
      const place = [source, ...(rule === undefined ? [] : [`rule ${Number(rule) + 1}`])]
      return `${[...place, ...(field.length > 0 ? [field.join('.')] : [])].join(', ')}: ${message}`
    }),
  )
}

function parseJson(json: string, source: string): unknown {
  try {
    return JSON.parse(json)
  } catch (error) {
    throw new MockRulesError([`${source}: not JSON: ${error instanceof Error ? error.message : String(error)}`])
  }
}

const mockError = z.strictObject({
  status: z.int().min(400).max(599),
  message: z.string().optional(),
  type: z.string().optional(),
  param: z.string().nullish(),
  code: z.string().nullish(),
  headers: z.record(z.string(), z.string()).optional(),
})

const milliseconds = z.union([z.number().nonnegative(), z.templateLiteral(['$', z.enum([...'123456789'])])], {
  error: 'expected milliseconds, or a group of the pattern such as "$1"',
})

const mockRule = z
  .strictObject({
    /** The whole message, but for white space around it. */
    text: z.string().optional(),
    /** A regular expression; `$1` to `$9` in any string of the effect stand for its groups. */
    pattern: z.string().optional(),
    flags: z
      .string()
      .regex(/^[imsuv]*$/, 'expected some of i, m, s, u and v')
      .optional(),
    /** Only for requests of this model. */
    model: z.string().optional(),
    answer: z.string().optional(),
    /** A chat completion as on the wire, as much of it as matters. */
    completion: partialCompletion.optional(),
    error: mockError.optional(),
    latencyMs: milliseconds.optional(),
    chunkLatencyMs: milliseconds.optional(),
    cutAfter: z.int().nonnegative().optional(),
    hang: z.boolean().optional(),
  })
  .superRefine((rule, context) => {
    const fault = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message })
    if ((rule.text === undefined) === (rule.pattern === undefined)) {
      fault(rule.text === undefined ? 'text' : 'pattern', 'expected either text or pattern')
    }
    if (rule.error && (rule.answer !== undefined || rule.completion)) {
      fault('error', 'expected no answer or completion beside an error')
    }
    try {
      new RegExp(rule.pattern ?? '', rule.flags).test('')
    } catch (error) {
      fault('pattern', error instanceof Error ? error.message : String(error))
    }
  })
