/** What callers of several replicas ask, and what they are told. */
import { setTimeout as pause } from 'node:timers/promises'
import { type Replica, type Told, answerFor, anyOf, ask, words } from './fleet.ts'

export interface LoadOptions {
  readonly name: string
  readonly requests: number
  /** Over how long they are spread, in seconds. */
  readonly seconds: number
  /** The share of them that have been asked before, half of them by the same caller. */
  readonly repeats: number
  readonly random: () => number
  readonly replicas: () => readonly Replica[]
}

const CALLERS = ['sk-anna', 'sk-ben', 'sk-carla', 'sk-dora']
/** So many questions are asked at a time, at most. */
const CLIENTS = 16

export type Load = ReturnType<typeof createLoad>

export function createLoad({ name, requests, seconds, repeats, random, replicas }: LoadOptions) {
  const asked: { readonly caller: string; readonly question: string }[] = []
  const distinct = new Set<string>()
  const told: (Told & { readonly at: number })[] = []
  const count = { right: 0, wrong: 0, 'of another': 0, '5xx': 0, lost: 0 }
  const startedAt = performance.now()
  let next = 0

  return {
    told,
    count,
    startedAt,
    distinct: () => distinct.size,
    isOver: () => next >= requests,
    /** Resolves when all has been answered. */
    run: () => Promise.all(Array.from({ length: CLIENTS }, client)),
  }

  async function client(): Promise<void> {
    for (let nth = next++; nth < requests; nth = next++) {
      await pause(Math.max(0, startedAt + (nth / requests) * seconds * 1_000 - performance.now()))
      const { caller, question } = random() < repeats && asked.length > 0 ? again() : anew(nth)
      asked.push({ caller, question })
      distinct.add(`${caller} ${question}`)
      await answered(caller, question)
    }
  }

  function anew(nth: number) {
    return { caller: anyOf(CALLERS, random), question: `${name} ${nth}: ${words(random)}?` }
  }

  /** Others ask the same, and must not be given what is not theirs. */
  function again() {
    const { caller, question } = anyOf(asked, random)
    return { question, caller: random() < 0.5 ? caller : anyOf(CALLERS, random) }
  }

  async function answered(caller: string, question: string): Promise<void> {
    for (;;) {
      try {
        const answer = await ask(anyOf(replicas(), random), caller, question)
        told.push({ ...answer, at: performance.now() })
        if (answer.status >= 500) count['5xx']++
        else if (answer.content === answerFor(caller, question)) count.right++
        else count[answer.content?.startsWith(`To ${caller}:`) ? 'wrong' : 'of another']++
        return
      } catch {
        // A load balancer would ask another replica, and so do we.
        count.lost++
        await pause(20)
      }
    }
  }
}
