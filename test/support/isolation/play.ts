import { expect } from 'vitest'
import { createDice } from '../dice.ts'
import { createAsking } from './asking.ts'
import { createDesk, entryDeeds, nameOf } from './entry-deeds.ts'
import type { House } from './house.ts'
import { jobDeeds } from './job-deeds.ts'
import { createOracle } from './oracle.ts'
import { otherDeeds } from './other-deeds.ts'

export interface Length {
  readonly seed: number
  readonly rounds: number
  /** How many ask at the same time in each round. */
  readonly crowd: number
}

/**
 * Has everyone ask, look, put, take out and snoop, at random but the same for the same seed; fails as soon as somebody is
 * given what is another's. Gives back what it came to.
 */
export async function play(house: House, { seed, rounds, crowd }: Length) {
  const dice = createDice(seed)
  const oracle = createOracle(house.callers)
  const scene = { house, oracle, dice }
  const asking = createAsking(scene)
  const desk = createDesk(scene)
  const deeds = [...entryDeeds(scene, desk), ...jobDeeds(scene, desk), ...otherDeeds(scene, desk, asking)]
  const bystanders = house.callers.filter(({ bystander }) => bystander)
  const kept = new Map<string, Set<string>>()

  for (let round = 0; round < rounds; round++) {
    const crowdOf = Array.from({ length: crowd }, () => dice.of(house.callers))
    const talk = asking.topic()
    // Each begins as it is made up: a conversation says one thing at a time.
    await Promise.all(crowdOf.map((caller) => asking.ask(asking.anything(caller, talk))))
    await house.idle()
    await deeds[round % deeds.length]!(dice.of(house.callers))
    await house.idle()
    house.pass(dice.of([1, 1, 1, 30, 120]))
    for (const caller of round % 10 === 9 ? bystanders : []) await stillThere(caller)
  }
  return oracle

  /** Nobody has taken from a bystander what it had. */
  async function stillThere(caller: (typeof bystanders)[number]): Promise<void> {
    const now = new Set((await desk.lines(caller)).map(nameOf))
    const missing = [...(kept.get(caller.tenant) ?? [])].filter((name) => !now.has(name))
    expect(missing, `taken from ${caller.tenant}`).toEqual([])
    kept.set(caller.tenant, now)
  }
}
