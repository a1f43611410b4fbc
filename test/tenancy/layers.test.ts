import { expect, it } from 'vitest'
import { type Layer, effectiveOf, layersOf } from '../../src/tenancy/layers.ts'

it('says whose word each setting is', () => {
  const file = { default: { jitter: 0.1 }, faq: { match: 'exact' } } as const
  const own = { policy: { ttlSeconds: 60 }, namespaces: { faq: { mode: 'off' } } } as const
  expect(effectiveOf(layersOf(file, own, 'faq'))).toMatchObject({
    rollout: { value: 100, from: 'built-in' },
    jitter: { value: 0.1, from: 'policies-default' },
    match: { value: 'exact', from: 'policies-namespace' },
    ttlSeconds: { value: 60, from: 'tenant' },
    mode: { value: 'off', from: 'tenant-namespace' },
  })
})

it('leaves out what nobody has said', () => {
  expect(effectiveOf([])).not.toHaveProperty('threshold')
  expect(effectiveOf([])).not.toHaveProperty('models')
})

it('lets the innermost decide, whatever comes before it', () => {
  const said = ['policies-default', 'policies-namespace', 'tenant', 'tenant-namespace'] as const
  const layers = said.map((from, nth): Layer => ({ from, settings: { ttlSeconds: nth } }))
  for (const [nth, from] of said.entries()) {
    expect(effectiveOf(layers.slice(0, nth + 1)).ttlSeconds).toEqual({ value: nth, from })
  }
})

it('counts 0, and everything else that is not much, as a word', () => {
  const layers: Layer[] = [
    { from: 'tenant', settings: { ttlSeconds: 60, threshold: 0.9, auditShare: 1 } },
    { from: 'tenant-namespace', settings: { ttlSeconds: 0, threshold: 0, auditShare: 0 } },
  ]
  expect(effectiveOf(layers)).toMatchObject({
    ttlSeconds: { value: 0 },
    threshold: { value: 0 },
    auditShare: { value: 0 },
  })
})

it.each([
  ['policies-namespace', 100, 100],
  ['tenant', 100, 50],
  ['tenant', 10, 10],
  ['tenant-namespace', 100, 50],
  ['tenant-namespace', 10, 10],
] as const)('makes of a maximum of 50 within which %s says %i one of %i', (from, asked, given) => {
  const layers: Layer[] = [
    { from: 'policies-default', settings: { maxTtlSeconds: 50 } },
    { from, settings: { maxTtlSeconds: asked } },
  ]
  expect(effectiveOf(layers).maxTtlSeconds.value).toBe(given)
})

it('lets only the policies file raise the maximum that is built in', () => {
  const tenYears = { maxTtlSeconds: 315_360_000 }
  expect(effectiveOf([{ from: 'tenant', settings: tenYears }]).maxTtlSeconds.value).toBe(604_800)
  expect(effectiveOf([{ from: 'policies-default', settings: tenYears }]).maxTtlSeconds.value).toBe(315_360_000)
})

it('lets a namespace keep to the maximum of its tenant', () => {
  const own = { policy: { maxTtlSeconds: 60 }, namespaces: { faq: { ttlSeconds: 3600, maxTtlSeconds: 7200 } } }
  expect(effectiveOf(layersOf({}, own, 'faq'))).toMatchObject({
    ttlSeconds: { value: 60, from: 'tenant' },
    maxTtlSeconds: { value: 60, from: 'tenant' },
  })
})

it('puts an error budget in the place of a threshold from further out', () => {
  const layers: Layer[] = [
    { from: 'policies-default', settings: { threshold: 0.9 } },
    { from: 'tenant', settings: { maxWrongHitRate: 0.01 } },
  ]
  expect(effectiveOf(layers)).not.toHaveProperty('threshold')
})

it('puts a threshold in the place of an error budget from further out', () => {
  const layers: Layer[] = [
    { from: 'policies-default', settings: { maxWrongHitRate: 0.01 } },
    { from: 'tenant', settings: { threshold: 0.9 } },
  ]
  expect(effectiveOf(layers).threshold).toEqual({ value: 0.9, from: 'tenant' })
})

it('does not say twice what holds for the namespace `default`', () => {
  const file = { default: { ttlSeconds: 10 } }
  expect(effectiveOf(layersOf(file, {}, 'default')).ttlSeconds).toEqual({ value: 10, from: 'policies-default' })
})
