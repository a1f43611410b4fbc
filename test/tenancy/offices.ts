import type { DirectoryOptions } from '../../src/tenancy/directory.ts'
import { createDirectory } from '../../src/tenancy/directory.ts'
import { createPurges } from '../../src/tenancy/purges.ts'
import { EMPTY_ROSTER } from '../../src/tenancy/roster.ts'
import type { Rules } from '../../src/tenancy/rules.ts'
import { createSecrets } from '../../src/tenancy/secrets.ts'
import { replicas } from './replicas.ts'

/** Two directories, each on a replica of its own; the second may be told otherwise than the first. */
export function offices(options: Partial<DirectoryOptions> = {}, otherwise: Partial<DirectoryOptions> = options) {
  const { ours, theirs, ...rest } = replicas()
  const { clock } = rest
  const defaults = {
    secrets: createSecrets(['s'.repeat(32)]),
    roster: () => EMPTY_ROSTER,
    policies: {},
    clock,
    patienceMs: 10_000,
  }
  let doubtful: string | undefined
  const sure = async (id: string) => {
    if (doubtful !== undefined && id.startsWith(doubtful)) throw new Error('down')
  }
  const ourRules: Rules = {
    ...ours,
    get: (id) => sure(id).then(() => ours.get(id)),
    list: (prefix) => sure(prefix).then(() => ours.list(prefix)),
  }
  const office = (rules: Rules, options: Partial<DirectoryOptions>) => {
    const purges = createPurges({ rules, clock })
    return { ...createDirectory({ auth: 'keys', ...defaults, rules, purges, ...options }), purges }
  }
  const here = office(ourRules, options)
  return {
    ...rest,
    here,
    elsewhere: office(theirs, otherwise),
    /** From now on nothing can be told here about what begins so. */
    breakDownFor: (prefix: string) => void (doubtful = prefix),
    /** Makes a tenant and a key for it; gives back the header to come with. */
    async admit(tenant: string, terms: object = {}): Promise<string> {
      const { tenants, keys } = here
      await tenants.put(tenant, { name: tenant, ...terms })
      const { key } = await keys.create(await tenants.own(tenant), { name: 'backend' })
      return `Bearer ${key}`
    },
  }
}
