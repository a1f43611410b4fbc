import type { Namespaces, Settings } from './settings.ts'

/** Who may say what holds, from the outside in. */
export type Source = 'built-in' | 'policies-default' | 'policies-namespace' | 'tenant' | 'tenant-namespace'

export interface Layer {
  readonly from: Source
  readonly settings: Settings
}

/** What a tenant says for itself, besides the policies file. */
export interface Own {
  readonly policy?: Settings
  readonly namespaces?: Namespaces
}

/** What holds where nobody says otherwise. */
const BUILT_IN = {
  mode: 'on',
  rollout: 100,
  match: 'semantic',
  ttlSeconds: 3600,
  maxTtlSeconds: 7 * 86_400,
  // What is asked about today is asked again within minutes, and wrong within hours.
  volatileTtlSeconds: 300,
  jitter: 0.05,
  staleSeconds: 3600,
  // A time to live is a promise: past it, only who asks for that is served, or who would get nothing at all.
  staleWhileRevalidateSeconds: 0,
  staleIfErrorSeconds: 3600,
  maxWrongHitRate: 0.02,
  auditShare: 0.02,
  maxTemperature: 1,
  tools: 'exact',
} as const satisfies Settings

/** Settings of which none is missing that a policy needs. */
export type Complete = Settings & Required<Pick<Settings, keyof typeof BUILT_IN>>

/** Each setting that holds, and whose word it is. */
export type Effective = {
  readonly [Member in keyof Complete]: { readonly value: Exclude<Complete[Member], undefined>; readonly from: Source }
}

/** All that is said about a namespace, or about those that nobody names, from the outside in. */
export function layersOf(file: Namespaces, { policy = {}, namespaces = {} }: Own, namespace?: string): Layer[] {
  const saidIn = (all: Namespaces) =>
    namespace !== undefined && Object.hasOwn(all, namespace) ? all[namespace]! : undefined
  return [
    { from: 'policies-default', settings: file['default'] ?? {} },
    { from: 'policies-namespace', settings: (namespace !== 'default' && saidIn(file)) || {} },
    { from: 'tenant', settings: policy },
    { from: 'tenant-namespace', settings: saidIn(namespaces) ?? {} },
  ]
}

/**
 * What layers come to: the innermost that says something about a setting decides, with two exceptions. A tenant's
 * `maxTtlSeconds` is a ceiling within that of the policies file, and a tenant's namespace's within the tenant's: they
 * may lower it, not raise it. And an error budget takes the place of a threshold set further out, of which nothing
 * would be seen otherwise.
 */
export function effectiveOf(layers: readonly Layer[]): Effective {
  const said = new Map<string, { readonly value: unknown; readonly from: Source }>()
  for (const { from, settings } of [{ from: 'built-in', settings: BUILT_IN } as const, ...layers]) {
    const ceiling = CEILED.has(from) ? seconds('maxTtlSeconds') : Infinity
    if (settings.maxWrongHitRate !== undefined) said.delete('threshold')
    for (const [member, value] of Object.entries(settings)) {
      if (member === 'maxTtlSeconds' && Number(value) > ceiling) continue
      said.set(member, { value, from })
    }
  }
  if (seconds('ttlSeconds') > seconds('maxTtlSeconds')) said.set('ttlSeconds', said.get('maxTtlSeconds')!)
  // Every name comes from `Settings`, and the first layer leaves out none that is needed.
  return Object.fromEntries(said) as Effective

  function seconds(member: 'ttlSeconds' | 'maxTtlSeconds'): number {
    return Number(said.get(member)?.value)
  }
}

const CEILED: ReadonlySet<Source> = new Set(['tenant', 'tenant-namespace'])
