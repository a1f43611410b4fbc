import { z } from 'zod'
import { Name } from '../../keys/directives.ts'
import type { Clock } from '../../ports.ts'
import { Place, START, batches } from '../spool.ts'
import type { Kind } from '../turn.ts'

/** A request as it would come from the tenant. */
export interface Request {
  readonly namespace: string | undefined
  /** Of a chat completion, as JSON. */
  readonly body: string
}

export interface WarmUpOptions {
  /** Answers as the cache would, and says how it came about: from the model or from what is kept. Rejects if there is no answer. */
  ask(tenant: string, request: Request): Promise<string>
  readonly clock: Clock
  /** Rejects when it is not worth waiting any longer. */
  wait(ms: number, signal: AbortSignal): Promise<void>
}

const Question = z.union([
  z.string().min(1),
  z.strictObject({ messages: z.array(z.looseObject({ role: z.string() })).min(1) }),
])

/** What to ask: a question, or the messages of a conversation. One of them is one line of the job's input. */
export const Questions = z.array(Question).min(1).max(10_000)

/** How many of the questions that had no answer are named. */
const MAX_NAMED = 10

const Params = z.strictObject({
  namespace: Name.optional(),
  model: z.string().min(1),
  /** Said before each question. */
  system: z.string().optional(),
  perMinute: z.int().min(1).max(6_000).default(60),
})

const Checkpoint = z.object({
  place: Place,
  /** When the next question may be asked. */
  slot: z.number(),
  /** How many answers came about in which way. */
  outcomes: z.record(z.string(), z.number()),
  /** Which questions had no answer, from 1; the first few. */
  unanswered: z.array(z.number()),
})
type Checkpoint = z.infer<typeof Checkpoint>
const AT_START: Checkpoint = { place: START, slot: 0, outcomes: {}, unanswered: [] }

/** Asks a list of questions, so that those who ask them next are answered at once; so many a minute and no more. */
export function warmingUp({ ask, clock, wait }: WarmUpOptions): Kind<z.infer<typeof Params>> {
  return {
    name: 'warm-up',
    params: Params,
    async run({ tenant, params, input, checkpoint, progress, save, signal }) {
      const gapMs = 60_000 / params.perMinute
      let { done, failed } = progress
      const sofar = Checkpoint.parse(checkpoint ?? AT_START)
      for await (const { lines, next } of batches(input, sofar.place, 1)) {
        if (sofar.slot > clock()) await wait(sofar.slot - clock(), signal)
        sofar.slot = clock() + gapMs
        const outcome = await answered(tenant, lines[0]!, params).catch(() => undefined)
        done++
        if (outcome === undefined) failed++
        else sofar.outcomes[outcome] = (sofar.outcomes[outcome] ?? 0) + 1
        if (outcome === undefined && sofar.unanswered.length < MAX_NAMED) sofar.unanswered.push(done)
        sofar.place = next
        await save(sofar, { done, failed })
      }
      const { outcomes, unanswered } = sofar
      return { outcomes, failed, unanswered }
    },
  }

  async function answered(tenant: string, line: string, params: z.infer<typeof Params>): Promise<string> {
    return ask(tenant, requestOf(line, params))
  }
}

function requestOf(line: string, { namespace, model, system }: z.infer<typeof Params>): Request {
  const question = Question.parse(JSON.parse(line))
  const messages = typeof question === 'string' ? [{ role: 'user', content: question }] : question.messages
  const before = system === undefined ? [] : [{ role: 'system', content: system }]
  return { namespace, body: JSON.stringify({ model, messages: [...before, ...messages] }) }
}
