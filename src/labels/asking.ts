import { answerOf } from '../answers/answer.ts'
import type { Send } from '../answers/send.ts'
import type { Call } from '../call.ts'
import type { Usage } from '../insight/usage.ts'
import { whose } from '../keys/whose.ts'

export interface AskingOptions {
  readonly send: Send
  readonly usage: Pick<Usage, 'spend' | 'charge'>
}

/** What is asked, if it is not the call's own question. */
export interface Instead {
  readonly model: string
  readonly path: string
  readonly body: string
}

export type AskAgain = ReturnType<typeof createAskAgain>

/**
 * Asks the model on a call's terms and with its credentials, for the cache's own sake and on nobody's time. Counted as
 * spent by the caller, whose budget it is held against, and as a cost of caching. Rejects if there is no answer.
 */
export function createAskAgain({ send, usage }: AskingOptions) {
  return async function askAgain(call: Call, instead?: Instead) {
    const { dialect, asked } = call
    const headers = new Headers(call.headers)
    // It was meant for the one request that the caller knows of.
    headers.delete('idempotency-key')
    const { path, body, model: name } = instead ?? { path: call.path, body: asked.body, model: asked.model }
    const response = await send({ ...call, path, headers }, body)
    if (!response.ok) {
      await response.body?.cancel()
      throw new Error(`the model answered ${response.status}`)
    }
    const completion = await answerOf(response, dialect, async () => {}).whole
    const told = dialect.tell(completion, asked)
    if (told.usage) {
      const who = { ...whose(call), model: name }
      usage.spend(who, told.usage)
      usage.charge(who, 'audit', name, told.usage)
    }
    return { completion, told }
  }
}
