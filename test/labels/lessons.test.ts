import { expect, it } from 'vitest'
import { LESSONS, createClasses } from '../../src/labels/lessons.ts'
import type { Scorer } from '../../src/matching/scorer.ts'
import { createRules } from '../../src/tenancy/rules.ts'
import { world } from '../support/world.ts'

const PAGE = { namespace: 'faq', space: 'words-1' }
const RIGHT = Float64Array.of(1, 1)
const WRONG = Float64Array.of(1, -1)

const scorer: Scorer = {
  name: 'two features',
  calibrated: true,
  describe: () => [],
  weights: Float64Array.of(0, 0.1),
  firmness: Float64Array.of(5, 30),
}

/** Replicas that share what they have learned. */
function replicas(...scorers: readonly Scorer[]) {
  const { ports } = world()
  return scorers.map((scorer) => createClasses({ scorer, rules: createRules(ports, LESSONS) }))
}

function teach(classes: ReturnType<typeof createClasses>, times = 200): void {
  for (let nth = 0; nth < times; nth++) {
    classes.learn('acme', PAGE, RIGHT, true)
    classes.learn('acme', PAGE, WRONG, false)
  }
}

it('begins with what the scorer weighs', async () => {
  const [classes] = replicas(scorer)
  await classes!.ready('acme', PAGE)
  expect(classes!.weightsIn('acme', PAGE)).toEqual(scorer.weights)
})

it('learns at once, and only where it was taught', () => {
  const [classes] = replicas(scorer)
  teach(classes!)
  expect(classes!.weightsIn('acme', PAGE)[1]).toBeGreaterThan(1)
  expect(classes!.weightsIn('acme', { ...PAGE, namespace: 'other' })).toEqual(scorer.weights)
  expect(classes!.weightsIn('globex', PAGE)).toEqual(scorer.weights)
})

it('shares what it has learned with other replicas, who add theirs to it', async () => {
  const [one, other] = replicas(scorer, scorer)
  teach(one!)
  const alone = one!.weightsIn('acme', PAGE)[1]!
  await one!.refresh()
  expect(one!.weightsIn('acme', PAGE)[1]).toBeCloseTo(alone, 4)
  await other!.ready('acme', PAGE)
  expect(other!.weightsIn('acme', PAGE)[1]).toBeCloseTo(alone, 4)

  teach(other!)
  await other!.refresh()
  one!.weightsIn('acme', PAGE)
  await one!.refresh()
  const together = one!.weightsIn('acme', PAGE)[1]!
  expect(together).toBeGreaterThan(alone)
  expect(together).toBeCloseTo(other!.weightsIn('acme', PAGE)[1]!, 4)
})

it('is not taught by lessons about other features', async () => {
  const [one, other] = replicas(scorer, { ...scorer, name: 'two others' })
  teach(one!)
  await one!.refresh()
  await other!.ready('acme', PAGE)
  expect(other!.weightsIn('acme', PAGE)).toEqual(scorer.weights)
})

it('takes what cannot be read for nothing', async () => {
  const { ports } = world()
  const rules = createRules(ports, LESSONS)
  await rules.change('acme/faq/words-1', () => '{"scorer":"two features","labels":"many"')
  const classes = createClasses({ scorer, rules })
  await classes.ready('acme', PAGE)
  expect(classes.weightsIn('acme', PAGE)).toEqual(scorer.weights)
})

it('keeps what it could not share, and shares it the next time', async () => {
  const { ports } = world()
  let isDown = true
  const rules = createRules(ports, LESSONS)
  const classes = createClasses({
    scorer,
    rules: { ...rules, change: (...args) => (isDown ? Promise.reject(new Error('down')) : rules.change(...args)) },
  })
  teach(classes)
  const learned = classes.weightsIn('acme', PAGE)[1]!
  await expect(classes.refresh()).rejects.toThrow('down')
  expect(classes.weightsIn('acme', PAGE)[1]).toBeCloseTo(learned, 6)
  isDown = false
  await classes.refresh()
  const later = createClasses({ scorer, rules })
  await later.ready('acme', PAGE)
  expect(later.weightsIn('acme', PAGE)[1]).toBeCloseTo(learned, 4)
})

it('forgets a tenant that is gone', async () => {
  const [one, other] = replicas(scorer, scorer)
  teach(one!)
  await one!.refresh()
  await one!.forget('acme')
  await other!.ready('acme', PAGE)
  expect([one!, other!].map((classes) => classes.weightsIn('acme', PAGE))).toEqual([scorer.weights, scorer.weights])
})

it('has nothing to teach a scorer that is sure of its weights', () => {
  const sure = { ...scorer, firmness: Float64Array.of(Infinity, Infinity) }
  const [classes] = replicas(sure)
  teach(classes!)
  expect(classes!.weightsIn('acme', PAGE)).toEqual(scorer.weights)
})
