import { openTenantsFile } from '../adapters/tenants-file/tenants-file.ts'
import type { Config } from '../config.ts'
import type { Log } from '../insight/log.ts'
import { EMPTY_ROSTER } from '../tenancy/roster.ts'

/** The tenants that a file names, followed as it changes. */
export async function rosterOf({ tenantsFile }: Config, log: Log) {
  if (!tenantsFile) return { current: () => EMPTY_ROSTER, close: () => {} }
  const onReload = (faults: readonly string[]) =>
    faults.length > 0
      ? log.error({ faults }, 'the tenants file is faulty; what it said before stays in force')
      : log.info({}, 'the tenants file has been read anew')
  return openTenantsFile({ ...tenantsFile, onReload })
}
