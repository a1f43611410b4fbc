import type { Model } from '../../ports.ts'

/**
 * A model behind an OpenAI-compatible HTTP API. Requests go out as the bytes they came in, by `fetch`: an SDK would
 * re-shape bodies, retry on top of the caller's own retries, and cost six times the CPU.
 */
export function upstreamModel({ baseURL, apiKey }: { baseURL: string; apiKey?: string | undefined }): Model {
  const base = baseURL.replace(/\/+$/, '')
  return {
    identity: base,
    send(path, { method, headers, body, signal }) {
      const outgoing = new Headers(headers)
      // A tenant's own key, or the caller's, goes before ours.
      if (apiKey && !outgoing.has('authorization')) outgoing.set('authorization', `Bearer ${apiKey}`)
      const init: RequestInit = { method, headers: outgoing, redirect: 'manual', signal: signal ?? null }
      if (body !== undefined) Object.assign(init, { body, duplex: 'half' })
      return fetch(base + path, init)
    },
  }
}
