import { z } from 'zod'

/** The members of a chat request that the mock acts on, or that it would be wrong to take in any other shape. */
export type ChatRequest = z.infer<typeof chatRequest>

/** What the caller last said: the text of the last user message, without white space around it. */
export function lastUserText({ messages }: ChatRequest): string {
  const last = messages.findLast(({ role }) => role === 'user')
  return last ? textOf(last).trim() : ''
}

/** The text of a message; its images and sounds say nothing here. */
export function textOf({ content }: ChatRequest['messages'][number]): string {
  if (!Array.isArray(content)) return content ?? ''
  return content.map((part) => part.text ?? '').join('\n')
}

const message = z.looseObject({
  role: z.enum(['developer', 'system', 'user', 'assistant', 'tool', 'function']),
  content: z.union([z.string(), z.array(z.looseObject({ type: z.string(), text: z.string().optional() }))]).nullish(),
})

export const chatRequest = z
  .looseObject({
    model: z.string().min(1),
    messages: z.array(message).min(1),
    n: z.int().min(1).max(128).nullish(),
    stream: z.boolean().nullish(),
    stream_options: z.looseObject({ include_usage: z.boolean().optional() }).nullish(),
    response_format: z.looseObject({ type: z.enum(['text', 'json_object', 'json_schema']) }).nullish(),
  })
  .refine((request) => request.stream || !request.stream_options, {
    path: ['stream_options'],
    message: "only allowed when 'stream' is enabled",
  })
