import { z } from 'zod'

const TEN_YEARS_S = 10 * 365 * 86_400
const Seconds = z.number().min(0).max(TEN_YEARS_S)
const Share = z.number().min(0).max(1)
const Globs = z.array(z.string().min(1).max(128)).max(100)

/** What a policy is made of, as documents say it: times in seconds, and only what is to differ from further out. */
export const Settings = z.strictObject({
  /** Whether a question that means the same is answered from the cache; `shadow` only looks what would be. */
  mode: z.enum(['off', 'shadow', 'on']).exactOptional(),
  /** The percentage of callers that `on` holds for. */
  rollout: z.number().min(0).max(100).exactOptional(),
  match: z.enum(['exact', 'semantic']).exactOptional(),
  ttlSeconds: Seconds.exactOptional(),
  maxTtlSeconds: Seconds.exactOptional(),
  volatileTtlSeconds: Seconds.exactOptional(),
  jitter: z.number().min(0).max(0.5).exactOptional(),
  staleSeconds: Seconds.exactOptional(),
  staleWhileRevalidateSeconds: Seconds.exactOptional(),
  staleIfErrorSeconds: Seconds.exactOptional(),
  threshold: Share.exactOptional(),
  maxWrongHitRate: z.number().min(0.005).max(0.1).exactOptional(),
  auditShare: Share.exactOptional(),
  maxTemperature: z.number().min(0).max(10).exactOptional(),
  models: z.strictObject({ allow: Globs.exactOptional(), deny: Globs.exactOptional() }).exactOptional(),
  tools: z.enum(['exact', 'never']).exactOptional(),
})
export type Settings = z.infer<typeof Settings>

export const NamespaceName = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be 1 to 64 letters, digits, dots, underscores or hyphens')
  .refine((name) => name !== '__proto__', 'must not be __proto__')

/** Of one tenant, or of the policies file. */
export const MAX_NAMESPACES = 256

/** Settings by the names of namespaces. */
export const Namespaces = z
  // A record drops this one name without a word, and what nobody complains of is believed to hold.
  .custom<object>(
    (given) => typeof given !== 'object' || given === null || !Object.hasOwn(given, '__proto__'),
    'a namespace must not be called __proto__',
  )
  .pipe(z.record(NamespaceName, Settings))
  .refine((all) => Object.keys(all).length <= MAX_NAMESPACES, `must be at most ${MAX_NAMESPACES} namespaces`)
export type Namespaces = z.infer<typeof Namespaces>
