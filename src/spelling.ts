import { closest, distance } from 'fastest-levenshtein'

/** Names in the environment that look like ours, but are not read; with what was probably meant. */
export function misspelt(given: Record<string, string | undefined>, known: readonly string[]): string[] {
  return Object.entries(given).flatMap(([name, value]) => {
    if (known.includes(name) || isAnnounced(name, value)) return []
    const near = ALIASES[name] ?? closest(name, known)
    const isNear = name in ALIASES || distance(name, near) <= 3
    const ours = name.startsWith('REPRISE_')
    if (!ours && !(/^(?:OPENAI|UPSTASH)_/.test(name) && isNear)) return []
    return [`${name} is not read${isNear ? `; did you mean ${near}?` : ''}`]
  })
}

/** Old or foreign names that are too far from ours for a spelling check. */
const ALIASES: Record<string, string> = {
  OPENAI_API_BASE: 'OPENAI_BASE_URL',
  OPENAI_API_URL: 'OPENAI_BASE_URL',
  OPENAI_KEY: 'OPENAI_API_KEY',
  UPSTASH_REDIS_URL: 'UPSTASH_REDIS_REST_URL',
  UPSTASH_REDIS_TOKEN: 'UPSTASH_REDIS_REST_TOKEN',
  UPSTASH_VECTOR_URL: 'UPSTASH_VECTOR_REST_URL',
  UPSTASH_VECTOR_TOKEN: 'UPSTASH_VECTOR_REST_TOKEN',
  REPRISE_PORT: 'PORT',
  REPRISE_HOST: 'HOST',
}

/** Kubernetes tells every container of a service called `reprise` by such names; nobody chose them. */
function isAnnounced(name: string, value = ''): boolean {
  if (/^REPRISE_(?:\w+_)?(?:SERVICE_(?:HOST|PORT)|PORT_\d+_)/.test(name)) return true
  return /^REPRISE_(?:\w+_)?PORT$/.test(name) && /^(?:tcp|udp|sctp):/.test(value)
}
