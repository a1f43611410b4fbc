import { ServiceError } from '../errors.ts'

/** The body of a request as text; a `ServiceError` 413 if it is longer than `maxBytes`, as soon as that is known. */
export async function readBody(request: Request, maxBytes: number): Promise<string> {
  const length = request.headers.get('content-length')
  if (Number(length ?? 0) > maxBytes) throw tooLarge(maxBytes)
  try {
    // With a declared length the server lets no more through, and this is its fast path.
    return await (length === null ? readChunks(request.body, maxBytes) : request.text())
  } catch (cause) {
    if (cause instanceof ServiceError) throw cause
    throw new ServiceError(400, 'incomplete_body', 'the request body broke off', { cause })
  }
}

async function readChunks(body: ReadableStream<Uint8Array> | null, maxBytes: number): Promise<string> {
  if (!body) return ''
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  const reader = body.getReader()
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    bytes += read.value.byteLength
    if (bytes > maxBytes) {
      void hearOut(reader)
      throw tooLarge(maxBytes)
    }
    text += decoder.decode(read.value, { stream: true })
  }
  return text + decoder.decode()
}

/** Whoever is hung up on while still sending never reads the answer; the server ends it if it takes too long. */
async function hearOut(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  try {
    while (!(await reader.read()).done);
  } catch {
    // They have hung up themselves.
  }
}

function tooLarge(maxBytes: number): ServiceError {
  return new ServiceError(413, 'request_too_large', `the request body is larger than ${maxBytes} bytes`)
}
