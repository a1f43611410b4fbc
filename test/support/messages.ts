/** A message of a request, said by `role`. */
export function says(role: string, content: unknown): object {
  return { role, content }
}

/** An assistant's message that only calls a tool. */
export function call(args: string): object {
  const call = { id: 'call_1', type: 'function', function: { name: 'rate', arguments: args } }
  return { role: 'assistant', tool_calls: [call] }
}

export function result(content: string, id = 'call_1'): object {
  return { role: 'tool', tool_call_id: id, content }
}

/** The parts that a message may consist of; what they hold is in them, not behind a URL. */
export function text(text: string): object {
  return { type: 'text', text }
}

export function image(data: string, more: object = {}): object {
  return { type: 'image_url', image_url: { url: `data:image/png;base64,${data}`, ...more } }
}

export function sound(data: string): object {
  return { type: 'input_audio', input_audio: { data, format: 'wav' } }
}

export function file(data: string): object {
  return { type: 'file', file: { filename: 'a.pdf', file_data: `data:application/pdf;base64,${data}` } }
}
