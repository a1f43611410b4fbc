import { describe, onTestFinished } from 'vitest'
import { indexContract } from '../../contract/index.contract.ts'
import { direction } from '../../contract/samples.ts'
import { open, patience, startService } from './support.ts'

indexContract({
  name: 'Upstash Vector on the stand-in',
  dimensions: 8,
  create: async () => open(await startService({ dimension: 8 }), { probe: direction(8, 0) }),
})

indexContract({
  name: 'Upstash Vector on a stand-in that takes its time to show what was written',
  dimensions: 8,
  patience,
  create: async () => open(await startService({ dimension: 8, visibilityDelayMs: 50 }), { probe: direction(8, 0) }),
})

/** A model that knows of nothing but degrees. */
const embed = (text: string) => direction(8, Number.parseFloat(text))

indexContract({
  name: 'Upstash Vector on a stand-in that embeds',
  at: (degrees) => `${degrees} degrees`,
  create: async () => open(await startService({ dimension: 8, embed }), { probe: 'any' }),
})

indexContract({
  name: 'Upstash Vector on a stand-in that embeds, and takes its time to show what was written',
  at: (degrees) => `${degrees} degrees`,
  patience,
  create: async () => open(await startService({ dimension: 8, embed, visibilityDelayMs: 50 }), { probe: 'any' }),
})

indexContract({
  name: 'Upstash Vector on a stand-in that embeds, but need not',
  create: async () => open(await startService({ dimension: 8, embed }), { probe: direction(8, 0) }),
})

const { UPSTASH_VECTOR_REST_URL: url, UPSTASH_VECTOR_REST_TOKEN: token } = process.env
describe.skipIf(!url || !token)('on Upstash', { timeout: 120_000 }, () => {
  const dimensions = Number(process.env['UPSTASH_VECTOR_DIMENSIONS'] ?? 256)
  indexContract({
    name: 'Upstash Vector',
    dimensions,
    patience: { ...patience, tries: 1_000 },
    async create() {
      // Namespaces stay, and there may be but a hundred, so that here all tests share two of them.
      const subject = await open(
        { url: url!, token: token! },
        { probe: direction(dimensions, 0), namespaces: 2, prefix: 'test' },
      )
      onTestFinished(async () => {
        subject.advance(120_000)
        await subject.index.sweep()
      })
      return subject
    },
  })
})
