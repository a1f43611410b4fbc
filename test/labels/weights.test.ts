import { expect, it } from 'vitest'
import { WEIGHTS, createWeights } from '../../src/labels/weights.ts'
import type { Scorer } from '../../src/matching/scorer.ts'
import { createRules } from '../../src/tenancy/rules.ts'
import { world } from '../support/world.ts'

const PAGE = { namespace: 'faq', space: 'words-1' }
const RIGHT = Float64Array.of(1, 1)
const WRONG = Float64Array.of(1, -1)

const scorer: Scorer = {
  name: 'two features',
  calibrated: true,
  worth: () => 0,
  describe: () => [],
  weights: Float64Array.of(0, 0.1),
  firmness: Float64Array.of(5, 30),
}

/** Replicas that share what they have learned. */
function replicas(...scorers: readonly Scorer[]) {
  const { ports } = world()
  return scorers.map((scorer) => createWeights({ scorer, rules: createRules(ports, WEIGHTS) }))
}

function teach(weights: ReturnType<typeof createWeights>, times = 200): void {
  for (let nth = 0; nth < times; nth++) {
    weights.learn('acme', PAGE, RIGHT, true)
    weights.learn('acme', PAGE, WRONG, false)
  }
}

it('begins with what the scorer weighs', async () => {
  const [weights] = replicas(scorer)
  await weights!.ready('acme', PAGE)
  expect(weights!.inside('acme', PAGE)).toEqual(scorer.weights)
})

it('learns at once, and only where it was taught', () => {
  const [weights] = replicas(scorer)
  teach(weights!)
  expect(weights!.inside('acme', PAGE)[1]).toBeGreaterThan(1)
  expect(weights!.inside('acme', { ...PAGE, namespace: 'other' })).toEqual(scorer.weights)
  expect(weights!.inside('globex', PAGE)).toEqual(scorer.weights)
})

it('shares what it has learned with other replicas, who add theirs to it', async () => {
  const [one, other] = replicas(scorer, scorer)
  teach(one!)
  const alone = one!.inside('acme', PAGE)[1]!
  await one!.refresh()
  expect(one!.inside('acme', PAGE)[1]).toBeCloseTo(alone, 4)
  await other!.ready('acme', PAGE)
  expect(other!.inside('acme', PAGE)[1]).toBeCloseTo(alone, 4)

  teach(other!)
  await other!.refresh()
  one!.inside('acme', PAGE)
  await one!.refresh()
  const together = one!.inside('acme', PAGE)[1]!
  expect(together).toBeGreaterThan(alone)
  expect(together).toBeCloseTo(other!.inside('acme', PAGE)[1]!, 4)
})

it('is not taught by lessons about other features', async () => {
  const [one, other] = replicas(scorer, { ...scorer, name: 'two others' })
  teach(one!)
  await one!.refresh()
  await other!.ready('acme', PAGE)
  expect(other!.inside('acme', PAGE)).toEqual(scorer.weights)
})

it('takes what cannot be read for nothing', async () => {
  const { ports } = world()
  const rules = createRules(ports, WEIGHTS)
  await rules.change('acme/faq/words-1', () => '{"scorer":"two features","labels":"many"')
  const weights = createWeights({ scorer, rules })
  await weights.ready('acme', PAGE)
  expect(weights.inside('acme', PAGE)).toEqual(scorer.weights)
})

it('keeps what it could not share, and shares it the next time', async () => {
  const { ports } = world()
  let isDown = true
  const rules = createRules(ports, WEIGHTS)
  const weights = createWeights({
    scorer,
    rules: { ...rules, change: (...args) => (isDown ? Promise.reject(new Error('down')) : rules.change(...args)) },
  })
  teach(weights)
  const learned = weights.inside('acme', PAGE)[1]!
  await expect(weights.refresh()).rejects.toThrow('down')
  expect(weights.inside('acme', PAGE)[1]).toBeCloseTo(learned, 6)
  isDown = false
  await weights.refresh()
  const later = createWeights({ scorer, rules })
  await later.ready('acme', PAGE)
  expect(later.inside('acme', PAGE)[1]).toBeCloseTo(learned, 4)
})

it('forgets a tenant that is gone', async () => {
  const [one, other] = replicas(scorer, scorer)
  teach(one!)
  await one!.refresh()
  await one!.forget('acme')
  await other!.ready('acme', PAGE)
  expect([one!, other!].map((weights) => weights.inside('acme', PAGE))).toEqual([scorer.weights, scorer.weights])
})

it('has nothing to teach a scorer that is sure of its weights', () => {
  const sure = { ...scorer, firmness: Float64Array.of(Infinity, Infinity) }
  const [weights] = replicas(sure)
  teach(weights!)
  expect(weights!.inside('acme', PAGE)).toEqual(scorer.weights)
})
