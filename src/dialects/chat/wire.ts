import { z } from 'zod'

const Part = z.looseObject({ type: z.string(), text: z.string().optional() })
const Message = z.looseObject({ role: z.string().min(1), content: z.union([z.string(), z.array(Part)]).nullish() })

/** We name only what we act on. Every other field goes to the model untouched, and into the scope. */
export const ChatRequest = z.looseObject({
  model: z.string().min(1),
  messages: z.array(Message).min(1),
  stream: z.boolean().nullish(),
  stream_options: z
    .looseObject({ include_usage: z.boolean().nullish(), include_obfuscation: z.boolean().nullish() })
    .nullish(),
  n: z.int().positive().nullish(),
  temperature: z.number().nullish(),
  tools: z.array(z.looseObject({ type: z.string() })).nullish(),
  response_format: z.looseObject({ type: z.string() }).nullish(),
  modalities: z.array(z.string()).nullish(),
  store: z.boolean().nullish(),
})
export type ChatRequest = z.infer<typeof ChatRequest>
export type ChatMessage = z.infer<typeof Message>
export type ChatPart = z.infer<typeof Part>
