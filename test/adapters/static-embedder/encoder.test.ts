import { describe, expect, it } from 'vitest'
import { readModel } from '../../../src/adapters/static-embedder/model.ts'
import { type Network, madeModel } from './making.ts'

const vocabulary = ['one', 'two', 'three']
const rows = [
  [1, 0, 0, 0],
  [0, 1, 0, 0],
  [1, 1, 0, 0],
]
const nines = [9, 9, 9, 9]

/** To a tenth, which is what sixteen levels leave of a number. */
const near = (...values: number[]) =>
  values.map((value) =>
    expect.toSatisfy((other: number) => Math.abs(other - value) <= 0.1 * Math.max(1, Math.abs(value))),
  )

describe('the encoder', () => {
  it('gives the mean of what tokens mean, if the network says nothing', async () => {
    expect(await vectorOf({}, 0, 1, 2)).toEqual(near(0.67, 0.67, 0, 0))
  })

  it('adds what three words in a row say, above zero and in the mean', async () => {
    const network: Network = { window: (id) => [id, 0, 0], output: units(4, 0) }
    expect(added(await vectorOf(network, 2, 1), await vectorOf({}, 2, 1))).toEqual(near(4, 0, 0, 0))
    expect(added(await vectorOf(network, 1, 2), await vectorOf({}, 1, 2))).toEqual(near(2, 0, 0, 0))
  })

  it('knows the first word from the others, and the last', async () => {
    const starts: Network = { start: 3, output: units(1, 0) }
    const ends: Network = { end: 3, output: units(1, 0) }
    for (const network of [starts, ends])
      expect(added(await vectorOf(network, 0, 1, 2), await vectorOf({}, 0, 1, 2))).toEqual(near(1, 0, 0, 0))
    expect(added(await vectorOf({ ...starts, ...ends }, 1), await vectorOf({}, 1))).toEqual(near(6, 0, 0, 0))
  })

  it('adds nothing for what is heard below zero', async () => {
    const network: Network = {
      window: () => [-1, -1, -1],
      bag: () => -1,
      output: [nines, nines],
    }
    expect(await vectorOf(network, 0, 1)).toEqual(await vectorOf({}, 0, 1))
  })

  it('adds what all words together say', async () => {
    const network: Network = {
      bag: (id) => id,
      bagBias: 1,
      output: [
        [0, 0, 0, 0],
        [0, 5, 0, 0],
      ],
    }
    expect(added(await vectorOf(network, 0, 2), await vectorOf({}, 0, 2))).toEqual(near(0, 10, 0, 0))
  })

  it('lets a word weigh more where the topic is what it listens for, and never more than e³ times', async () => {
    const listening = (loud: number): Network => ({ context: (id) => (id === 1 ? [loud, loud] : [0, 1]) })
    const [quiet, loud] = [await vectorOf(listening(1.3), 0, 1), await vectorOf(listening(100), 0, 1)]
    expect(quiet).toEqual(near(0.47, Math.exp(1.5) / 2, 0, 0))
    expect(loud[1]).toEqual(near(Math.exp(3) / 2)[0])
  })

  it('lets a word weigh by its neighbours', async () => {
    const network: Network = { window: (id) => [0, 0, id], attention: 1 }
    expect(await vectorOf(network, 0, 1)).toEqual(near(Math.exp(1) / 2, 0.5, 0, 0))
  })

  it('hears words across one that it does not know', async () => {
    const network: Network = { window: (id) => [id, 0, 0], output: units(4, 0) }
    const silent = await vectorOf({}, 2, -5, 1)
    expect(added(await vectorOf(network, 2, -5, 1), silent)).toEqual(near(4, 0, 0, 0))
  })

  it('gives all texts a last coordinate in common, by the root of what their words weigh', async () => {
    const vector = async (network: Network, ...ids: number[]) => {
      const model = madeModel({ vocabulary, rows, network, header: { shared: 6 } })
      return [...(await readModel(model, 'model.bin')).encoder.encode(Int32Array.from(ids))]
    }
    expect(await vector({}, 0)).toEqual(near(1, 0, 0, 6))
    expect(await vector({}, 0, 0, 1, 1)).toEqual(near(0.5, 0.5, 0, 3))
    const heavier: Network = { window: () => [0, 1, 0], attention: Math.log(4) }
    expect((await vector(heavier, 0))[3]).toEqual(near(12)[0])
    expect((await vector({}, -5))[3]).toBe(0)
  })

  it('means nothing by no token at all', async () => {
    expect(await vectorOf({ bagBias: 0, start: 1, end: 1 })).toEqual([0, 0, 0, 0])
  })
})

const units = (first: number, second: number): [number[], number[]] => [
  [first, second, 0, 0],
  [0, 0, 0, 0],
]

const added = (vector: number[], silent: number[]): number[] => vector.map((value, at) => value - silent[at]!)

async function vectorOf(network: Network, ...ids: number[]): Promise<number[]> {
  const { encoder } = await readModel(madeModel({ vocabulary, rows, network }), 'model.bin')
  return [...encoder.encode(Int32Array.from(ids))]
}
