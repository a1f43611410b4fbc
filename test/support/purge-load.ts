import { setTimeout as pause } from 'node:timers/promises'
import { createDice } from './dice.ts'

export interface PurgeLoad {
  /** The replicas; all are asked, and each purge is made on one of them. */
  readonly urls: readonly string[]
  readonly prices: ReturnType<typeof createPrices>
  readonly purges: number
  /** Requests a second, for as long as the purges take. */
  readonly rate: number
  /** Between two purges. */
  readonly pauseMs: number
  readonly seed?: number
}

const CITIES = ['Lisbon', 'Oslo', 'Vienna', 'Dublin', 'Prague', 'Athens', 'Madrid', 'Warsaw']
const ITEMS = ['lamp', 'chair', 'bicycle', 'kettle', 'violin']

/** What a model knows of prices: they change by city, and each answer says how many times they had when it was asked. */
export function createPrices() {
  const versions = new Map(CITIES.map((city) => [city, 0]))
  return {
    change: (city: string) => void versions.set(city, versions.get(city)! + 1),
    version: (city: string) => versions.get(city)!,
    answerTo: (question: string) => {
      const city = CITIES.find((city) => question.includes(city))!
      return `${city} ${versions.get(city)}`
    },
  }
}

/**
 * Asks for prices at a steady rate while they are changed and purged, city by city; tells of every answer that was older
 * than a purge which had returned before it was asked for.
 */
export async function purgeUnderLoad({ urls, prices, purges, rate, pauseMs, seed = 1 }: PurgeLoad) {
  const dice = createDice(seed)
  /** What each city's answers must know at least. */
  const floors = new Map(CITIES.map((city) => [city, 0]))
  const told = {
    requests: 0,
    hits: 0,
    meant: 0,
    failed: [] as unknown[],
    stale: [] as string[],
    purgeMs: [] as number[],
  }
  const underWay = new Set<Promise<void>>()
  let over = false

  const startedAt = performance.now()
  const asking = askAll()
  for (let nth = 0; nth < purges; nth++) {
    await pause(pauseMs)
    await purge(dice.of(CITIES), dice.of(urls))
  }
  over = true
  await asking
  await Promise.all(underWay)
  return { ...told, seconds: (performance.now() - startedAt) / 1000, settled: await settledAnswers() }

  /** As many as are due, however late the timer is. */
  async function askAll(): Promise<void> {
    while (!over) {
      const due = Math.floor(((performance.now() - startedAt) / 1000) * rate)
      for (; told.requests < due; told.requests++) begin(dice.of(CITIES), dice.of(ITEMS), dice.of(urls))
      await pause(5)
    }
  }

  function begin(city: string, item: string, url: string): void {
    const question = dice.percent(70)
      ? `What does the ${item} cost in ${city}?`
      : `In ${city}, what does the ${item} cost?`
    const asked = judged(url, city, question).catch((error: unknown) => void told.failed.push(error))
    underWay.add(asked)
    void asked.finally(() => underWay.delete(asked))
  }

  async function judged(url: string, city: string, question: string): Promise<void> {
    const floorsThen = new Map(floors)
    const { said, detail } = await ask(url, city, question)
    const [of = '', version] = said.split(' ')
    if (detail === 'exact' || detail === 'semantic') told.hits++
    if (detail === 'semantic') told.meant++
    if (Number(version) >= floorsThen.get(of)!) return
    told.stale.push(`${question} ${detail}: ${said}, purged up to ${floorsThen.get(of)}`)
  }

  async function purge(city: string, url: string): Promise<void> {
    prices.change(city)
    const version = prices.version(city)
    const begunAt = performance.now()
    const response = await fetch(`${url}/v1/cache/purge`, { method: 'POST', body: JSON.stringify({ tag: city }) })
    if (!response.ok) throw new Error(`a purge was answered ${response.status}: ${await response.text()}`)
    await response.arrayBuffer()
    told.purgeMs.push(performance.now() - begunAt)
    floors.set(city, version)
  }

  /** What everyone is told in the end, when nothing is purged any more: `right` if all answers are of the latest prices. */
  async function settledAnswers(): Promise<readonly string[]> {
    const all = CITIES.flatMap((city) =>
      ITEMS.map((item) => ({ city, question: `What does the ${item} cost in ${city}?` })),
    )
    const answers = all.flatMap(({ city, question }) =>
      urls.map(async (url) => ({ city, ...(await ask(url, city, question)) })),
    )
    const wrong = (await Promise.all(answers)).filter(({ city, said }) => said !== `${city} ${prices.version(city)}`)
    return wrong.map(({ city, said }) => `${said} instead of ${city} ${prices.version(city)}`)
  }
}

async function ask(url: string, city: string, question: string) {
  const body = JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: question }] })
  const headers = { 'content-type': 'application/json', 'reprise-tags': city }
  const response = await fetch(`${url}/v1/chat/completions`, { method: 'POST', headers, body })
  const text = await response.text()
  if (!response.ok) throw new Error(`${response.status}: ${text}`)
  const detail = /detail=([^;]+)/.exec(response.headers.get('cache-status') ?? '')?.[1]
  return { detail, said: (JSON.parse(text) as Completion).choices[0].message.content }
}

interface Completion {
  readonly choices: readonly [{ readonly message: { readonly content: string } }]
}
