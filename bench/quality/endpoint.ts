import type { Vector } from '../../src/ports.ts'

/** Embeds over an OpenAI-compatible `/embeddings`, many texts a request; the key is OPENAI_API_KEY. */
export function endpoint(url: string, model: string) {
  async function ask(input: readonly string[]): Promise<Vector[]> {
    const response = await fetch(`${url.replace(/\/+$/, '')}/embeddings`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${process.env['OPENAI_API_KEY'] ?? 'none'}`,
      },
      body: JSON.stringify({ model, input }),
    })
    if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`)
    const { data } = (await response.json()) as { data: { embedding: number[] }[] }
    return data.map(({ embedding }) => unit(Float32Array.from(embedding)))
  }

  // Sets share texts.
  const known = new Map<string, Vector>()

  return async (texts: readonly string[]): Promise<Vector[]> => {
    // By length, so that a batch has no short text waiting for a long one.
    const news = [...new Set(texts)].filter((text) => !known.has(text)).sort((a, b) => a.length - b.length)
    for (let from = 0; from < news.length; from += BATCH) {
      const batch = news.slice(from, from + BATCH)
      for (const [nth, vector] of (await ask(batch)).entries()) known.set(batch[nth]!, vector)
    }
    return texts.map((text) => known.get(text)!)
  }
}

const BATCH = 64

function unit(vector: Vector): Vector {
  const length = Math.sqrt(vector.reduce((squares, value) => squares + value * value, 0))
  return vector.map((value) => value / length)
}
