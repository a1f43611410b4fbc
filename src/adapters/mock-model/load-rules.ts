import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { MockRulesError, parseMockRules } from './mock-rules.ts'
import type { MockRule } from './mock-rules.ts'

/** The rules of every JSON file in a folder, in the order of the files' names; all their faults in one error. */
export async function loadRules(folder: string): Promise<MockRule[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort()
  const rules: MockRule[] = []
  const faults: string[] = []
  for (const file of names.map((name) => join(folder, name))) {
    try {
      rules.push(...parseMockRules(await readFile(file, 'utf8'), file))
    } catch (error) {
      if (!(error instanceof MockRulesError)) throw error
      faults.push(...error.faults)
    }
  }
  if (faults.length > 0) throw new MockRulesError(faults)
  return rules
}
