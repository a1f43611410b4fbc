/**
 * The `data` of each event in an event stream, as the events come (WHATWG HTML, 9.2.6 "Interpreting an event stream").
 * Comments and other fields are skipped; a last event without its blank line is still told.
 */
export async function* events(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  let data: string[] = []

  for await (const bytes of body) {
    // Only what is new is searched: an event of many megabytes must not be searched again with each of its pieces.
    const lines = decoder.decode(bytes, { stream: true }).split('\n')
    lines[0] = rest + lines[0]
    rest = lines.pop()!
    for (const line of lines) {
      const text = line.endsWith('\r') ? line.slice(0, -1) : line
      if (text.startsWith('data:')) data.push(text.slice(text[5] === ' ' ? 6 : 5))
      if (text !== '' || data.length === 0) continue
      yield data.join('\n')
      data = []
    }
  }
  if (rest.startsWith('data:')) data.push(rest.slice(rest[5] === ' ' ? 6 : 5).trimEnd())
  if (data.length > 0) yield data.join('\n')
}
