import { setTimeout as pause } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { emptyFolder, started } from '../support/process.ts'
import { createPrices, purgeUnderLoad } from '../support/purge-load.ts'
import { startUpstream } from '../support/upstream.ts'

const RATE = 200

it('serves nothing that was purged, however much is asked for meanwhile', { timeout: 60_000 }, async () => {
  const prices = createPrices()
  const upstream = await startUpstream((question) => ({
    choices: [{ content: prices.answerTo(question) }],
    pause: pause(Math.random() * 40),
  }))
  const { url } = await started({
    OPENAI_BASE_URL: upstream.baseURL,
    OPENAI_API_KEY: 'sk-1',
    REPRISE_DATA_DIR: emptyFolder(),
    REPRISE_LOG_LEVEL: 'silent',
  })
  const told = await purgeUnderLoad({ urls: [url], prices, purges: 100, rate: RATE, pauseMs: 30 })
  expect(told.stale).toEqual([])
  expect(told.failed).toEqual([])
  expect(told.wrongInTheEnd).toEqual([])
  // Else nothing was shown: the rate was not kept up, or there was nothing to be stale.
  expect(told.requests / told.seconds).toBeGreaterThan(0.9 * RATE)
  expect(told.hits).toBeGreaterThan(0.3 * told.requests)
  expect(told.meant).toBeGreaterThan(10)
})
