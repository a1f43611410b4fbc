import { aKey, anEntry, hex } from '../../contract/samples.ts'
import { openEmbedded } from '../../../src/adapters/embedded/embedded.ts'

// Run as a process of its own: puts entries for ever, and prints the number of each as soon as it is acknowledged.
const clock = () => 1_700_000_000_000
const { store } = openEmbedded({ path: process.argv[2]!, clock, maxEntries: 1e6, maxBytes: 1e9, hotBytes: 1e6 })
for (let nth = 0; ; nth++) {
  await store.put(anEntry(clock(), { key: aKey({ digest: hex(`${nth}`) }), completion: `"${nth}${'.'.repeat(5000)}"` }))
  process.stdout.write(`${nth}\n`)
}
