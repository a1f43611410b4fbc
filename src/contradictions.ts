import type { Variables } from './config.ts'

/** Variables that say nothing without each other. */
const PAIRS = [
  ['UPSTASH_REDIS_REST_URL', 'UPSTASH_REDIS_REST_TOKEN'],
  ['UPSTASH_VECTOR_REST_URL', 'UPSTASH_VECTOR_REST_TOKEN'],
  ['KV_REST_API_URL', 'KV_REST_API_TOKEN'],
] as const

const OPENAI_ONLY = ['REPRISE_EMBEDDING_BASE_URL', 'REPRISE_EMBEDDING_API_KEY', 'REPRISE_EMBEDDING_DIMENSIONS'] as const
const LOCAL_ONLY = ['REPRISE_EMBEDDING_POOLING'] as const
const ANY_EMBEDDING = [...OPENAI_ONLY, ...LOCAL_ONLY, 'REPRISE_EMBEDDING_MODEL', 'REPRISE_EMBEDDING_WINDOW'] as const
/** What an embedder cannot be told. */
const NOT_READ = {
  lexical: ANY_EMBEDDING,
  static: ANY_EMBEDDING,
  local: OPENAI_ONLY,
  openai: LOCAL_ONLY,
  upstash: [...OPENAI_ONLY, ...LOCAL_ONLY],
} as const

/** Values that are each fine, but not together. */
export function contradictions(v: Partial<Variables>): string[] {
  const faults: string[] = PAIRS.flatMap(([url, token]) => {
    if (!v[url] === !v[token]) return []
    return [v[url] ? `${url} is set but ${token} is not` : `${token} is set but ${url} is not`]
  })
  // A marketplace may have set its names for another reason; ours are set for this one.
  const redis = v.UPSTASH_REDIS_REST_URL ?? (v.UPSTASH_VECTOR_REST_URL && v.KV_REST_API_URL)
  if (!redis !== !v.UPSTASH_VECTOR_REST_URL) {
    const [given, missing] = redis ? ['Redis', 'UPSTASH_VECTOR_REST_URL'] : ['Vector', 'UPSTASH_REDIS_REST_URL']
    faults.push(
      `Upstash ${given} is set but ${missing} is not; the distributed engine needs both, the embedded one neither`,
    )
  }
  const engine = v.REPRISE_ENGINE ?? (redis ? 'upstash' : 'embedded')
  if ((engine === 'upstash' || v.REPRISE_MIRROR === 'upstash') && !redis) {
    const name = v.REPRISE_ENGINE === 'upstash' ? 'REPRISE_ENGINE' : 'REPRISE_MIRROR'
    faults.push(`${name}=upstash needs UPSTASH_REDIS_REST_URL and UPSTASH_VECTOR_REST_URL, each with its token`)
  }
  if (v.REPRISE_MIRROR === engine) {
    faults.push(`REPRISE_MIRROR=${engine} is where answers are served from already; name the other engine`)
  }
  const wantsReal = v.REPRISE_MODEL === 'openai' || v.OPENAI_BASE_URL !== undefined
  const bringing = v.REPRISE_AUTH === 'passthrough'
  // Tenants may each have one of their own; who has none is refused by the model.
  const ownKeys = bringing || (v.REPRISE_AUTH === 'keys' && v.REPRISE_MODEL === 'openai')
  if (wantsReal && !v.OPENAI_API_KEY && v.REPRISE_MODEL !== 'mock' && !ownKeys) {
    const asked = v.OPENAI_BASE_URL ? 'OPENAI_BASE_URL' : 'REPRISE_MODEL=openai'
    faults.push(`${asked} is set but OPENAI_API_KEY is not; any value will do for a server that asks for none`)
  }
  if (v.NODE_ENV === 'production' && !v.OPENAI_API_KEY && v.REPRISE_MODEL !== 'mock' && !ownKeys) {
    faults.push('NODE_ENV=production needs OPENAI_API_KEY, or REPRISE_MODEL=mock to serve made-up answers on purpose')
  }
  if (v.REPRISE_AUTH === 'none' && v.HOST && !['127.0.0.1', 'localhost', '::1'].includes(v.HOST)) {
    faults.push(
      `HOST=${v.HOST} would open the cache to the network, and REPRISE_AUTH=none lets everyone in; only loopback is allowed`,
    )
  }
  if (bringing && !v.REPRISE_SECRET) {
    faults.push('REPRISE_AUTH=passthrough needs REPRISE_SECRET, by which callers are told apart; 32 random characters')
  }
  if (v.REPRISE_AUTH === 'keys' && !v.REPRISE_ADMIN_KEY && !v.REPRISE_TENANTS_FILE) {
    faults.push(
      'REPRISE_AUTH=keys needs REPRISE_ADMIN_KEY or REPRISE_TENANTS_FILE: otherwise nobody could ever get a key',
    )
  }
  const { REPRISE_EMBEDDER: embedder } = v
  if (embedder === 'openai' && !v.REPRISE_EMBEDDING_API_KEY && !v.OPENAI_API_KEY) {
    faults.push('REPRISE_EMBEDDER=openai needs REPRISE_EMBEDDING_API_KEY or OPENAI_API_KEY')
  }
  if (embedder === 'upstash' && engine === 'embedded' && v.UPSTASH_VECTOR_REST_URL && !v.REPRISE_MIRROR) {
    faults.push(
      'REPRISE_EMBEDDER=upstash embeds within Upstash Vector, and REPRISE_ENGINE=embedded does not search there',
    )
  }
  if (embedder === 'upstash' && !redis && !v.UPSTASH_VECTOR_REST_URL) {
    faults.push('REPRISE_EMBEDDER=upstash needs UPSTASH_VECTOR_REST_URL, of an index with an embedding model')
  }
  if (embedder === 'local' && !v.REPRISE_EMBEDDING_MODEL) {
    faults.push('REPRISE_EMBEDDER=local needs REPRISE_EMBEDDING_MODEL: a folder with the model, or its name on the hub')
  }
  for (const name of embedder ? NOT_READ[embedder] : []) {
    const meant = name === 'REPRISE_EMBEDDING_POOLING' ? 'local' : 'openai'
    if (v[name]) faults.push(`${name} is set, which ${embedder} does not read; did you mean REPRISE_EMBEDDER=${meant}?`)
  }
  return faults
}
