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
  const over = new AbortController()

  // A process that has just started is slow, and would have more to do than it can.
  for (let round = 0; round < WARMING; round++) await askForAll()
  const startedAt = performance.now()
  const asking = askSteadily()
  try {
    for (let nth = 0; nth < purges; nth++) {
      await pause(pauseMs)
      await purge(dice.of(CITIES), dice.of(urls))
    }
  } finally {
    over.abort()
    await asking
  }
  await Promise.all(underWay)
  return { ...told, seconds: (performance.now() - startedAt) / 1000, wrongInTheEnd: await askForAll() }

  /** As many as are due, however late the timer is. */
  async function askSteadily(): Promise<void> {
    while (!over.signal.aborted) {
      const due = Math.floor(((performance.now() - startedAt) / 1000) * rate)
      for (; told.requests < due; told.requests++) {
        const question = dice.of(dice.percent(10) ? REWORDED : QUESTIONS)
        const asked = judge(dice.of(urls), question).catch((error: unknown) => void told.failed.push(error))
        underWay.add(asked)
        void asked.finally(() => underWay.delete(asked))
      }
      await pause(5)
    }
  }

  async function judge(url: string, question: Question): Promise<void> {
    const floorsThen = new Map(floors)
    const { said, detail } = await ask(url, question)
    const [city = '', version] = said.split(' ')
    if (detail === 'exact' || detail === 'semantic') told.hits++
    if (detail === 'semantic') told.meant++
    if (Number(version) >= floorsThen.get(city)!) return
    told.stale.push(`${question.text} ${detail}: ${said}, purged up to ${floorsThen.get(city)}`)
  }

  async function purge(city: string, url: string): Promise<void> {
    prices.change(city)
    const version = prices.version(city)
    for (let tries = 0; tries < TRIES; tries++) {
      const begunAt = performance.now()
      const response = await fetch(`${url}/v1/cache/purge`, { method: 'POST', body: JSON.stringify({ tag: city }) })
      const text = await response.text()
      told.purgeMs.push(performance.now() - begunAt)
      if (response.ok) return void floors.set(city, version)
      if (response.status !== 503) throw new Error(`a purge was answered ${response.status}: ${text}`)
      // On a machine that is too slow for all this, it may not be known whether it took effect: it is to be repeated.
      await pause(1_000)
    }
    throw new Error(`a purge was refused ${TRIES} times`)
  }

  /** Everything of every replica, while nothing is purged; gives back what was not of the latest prices. */
  async function askForAll(): Promise<string[]> {
    const wrong: string[] = []
    for (const question of QUESTIONS) {
      const latest = `${question.city} ${prices.version(question.city)}`
      for (const url of urls) {
        const { said } = await ask(url, question)
        if (said !== latest) wrong.push(`${said} instead of ${latest}`)
      }
    }
    return wrong
  }
}

const WARMING = 3
const TRIES = 10

interface Question {
  readonly city: string
  readonly text: string
}

const QUESTIONS: readonly Question[] = CITIES.flatMap((city) =>
  ITEMS.map((item) => ({ city, text: `What does the ${item} cost in ${city}?` })),
)

/** The same in other words. */
const REWORDED: readonly Question[] = CITIES.flatMap((city) =>
  ITEMS.map((item) => ({ city, text: `In ${city}, what does the ${item} cost?` })),
)

async function ask(url: string, { city, text }: Question) {
  const body = JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: text }] })
  const headers = { 'content-type': 'application/json', 'reprise-tags': city }
  const response = await fetch(`${url}/v1/chat/completions`, { method: 'POST', headers, body })
  const answer = await response.text()
  if (!response.ok) throw new Error(`${response.status}: ${answer}`)
  const detail = /detail=([^;]+)/.exec(response.headers.get('cache-status') ?? '')?.[1]
  return { detail, said: (JSON.parse(answer) as Completion).choices[0].message.content }
}

interface Completion {
  readonly choices: readonly [{ readonly message: { readonly content: string } }]
}
