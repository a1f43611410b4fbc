import { z } from 'zod'

/** As much of a chat completion as a rule cares to say; members not named here are passed on as they are. */
export type PartialCompletion = z.infer<typeof partialCompletion>

export type PartialChoice = NonNullable<PartialCompletion['choices']>[number]

const toolCall = z.discriminatedUnion('type', [
  z.looseObject({
    id: z.string().optional(),
    type: z.literal('function'),
    function: z.strictObject({ name: z.string(), arguments: z.string() }),
  }),
  z.looseObject({
    id: z.string().optional(),
    type: z.literal('custom'),
    custom: z.strictObject({ name: z.string(), input: z.string() }),
  }),
])

const tokens = z.array(z.looseObject({ token: z.string(), logprob: z.number() })).nullish()

const message = z.looseObject({
  content: z.string().nullish(),
  refusal: z.string().nullish(),
  tool_calls: z.array(toolCall).optional(),
})

/** Written as on the wire, so that a recorded completion can be pasted in. */
export const partialCompletion = z.looseObject({
  choices: z
    .array(
      z.looseObject({
        message: message.optional(),
        logprobs: z.looseObject({ content: tokens, refusal: tokens }).nullish(),
        finish_reason: z.enum(['stop', 'length', 'tool_calls', 'content_filter', 'function_call']).optional(),
      }),
    )
    .min(1)
    .optional(),
  usage: z.looseObject({ prompt_tokens: z.int().nonnegative(), completion_tokens: z.int().nonnegative() }).optional(),
})
