import type { Dialect } from '../dialect.ts'
import { tellChat } from './completion.ts'
import { foldChat } from './fold.ts'
import { parseChat } from './request.ts'
import { hearChat, listenToChat, unfoldChat } from './stream.ts'

/** OpenAI's chat completions: `POST /v1/chat/completions`. */
export const chat: Dialect = {
  path: '/chat/completions',
  parse: parseChat,
  listen: listenToChat,
  fold: foldChat,
  unfold: unfoldChat,
  hear: hearChat,
  tell: tellChat,
  event: (chunk) => `data: ${chunk}\n\n`,
  ending: 'data: [DONE]\n\n',
}
