import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { loadModel } from '../../../src/adapters/static-embedder/load.ts'
import { type StaticModel, UnusableModel, readModel } from '../../../src/adapters/static-embedder/model.ts'
import { madeModel } from './making.ts'

const vocabulary = ['one', 'two', '##s']
const rows = [
  [1, 0, 0, 0.5],
  [0, -2, 1, 0],
  [0.5, 0.5, 0, 0],
]
const good = madeModel({ vocabulary, rows })

describe('a model file', () => {
  it('is read with its name and dimensions', async () => {
    expect(await readModel(good, 'model.bin')).toMatchObject({ name: 'tiny-1', encoder: { dimensions: 4 } })
  })

  it.each([0, 1, 2])('brings row %i as it was made', async (id) => {
    expect([...rowOf(await readModel(good, 'model.bin'), id)]).toEqual(
      rows[id]!.map((value) => expect.closeTo(value, 1)),
    )
  })

  it.each([1, 2, 3, 4])('is read wherever its numbers stand (%i)', async (more) => {
    const shifted = madeModel({ vocabulary: ['one', 'two', 'x'.repeat(more)], rows })
    expect(rowOf(await readModel(shifted, 'model.bin'), 1)[1]).toBeCloseTo(-2, 1)
  })

  it('gives words that are not in it directions of usual length, each its own', async () => {
    const alike = [1, 2, 3].map((sign) => Array.from({ length: 16 }, (_, at) => (at % sign === 0 ? 3 : -3)))
    const model = await readModel(madeModel({ vocabulary, rows: alike }), 'model.bin')
    const [one, other] = [rowOf(model, -1), rowOf(model, -9_876_543)]
    expect(Math.hypot(...one)).toBeCloseTo(12, 1)
    expect(Math.hypot(...other)).toBeCloseTo(12, 1)
    expect(one).not.toEqual(other)
    expect(rowOf(model, -1)).toEqual(one)
  })

  it.each<[string, Buffer<ArrayBuffer>]>([
    ['is not an embedding model', Buffer.from('hello, world')],
    ['is not an embedding model', Buffer.from('RPSE')],
    ['is no embedding model that this version can read', madeModel({ vocabulary, rows, header: { format: 1 } })],
    ['is no embedding model that this version can read', madeModel({ vocabulary, rows, header: { window: -1 } })],
    ['is not complete', madeModel({ vocabulary, rows, header: { bag: 4 } })],
    ['is no embedding model that this version can read', Buffer.concat([good.subarray(0, 8), Buffer.from('{"for')])],
    ['is not complete', good.subarray(0, -1)],
    ['is not complete', Buffer.concat([good, Buffer.alloc(1)])],
    ['is damaged', withBitFlipped(good.length - 1)],
    ['is damaged', withBitFlipped(good.indexOf('two'))],
    ['names 2 tokens where its header says 3', madeModel({ vocabulary: ['one', 'two'], rows, header: { tokens: 3 } })],
  ])('that %s is refused, with what to do', async (what, bytes) => {
    const error = await readModel(bytes, '/opt/model.bin').catch((error: unknown) => error)
    expect(error).toBeInstanceOf(UnusableModel)
    expect((error as UnusableModel).faults).toEqual([expect.stringContaining(`/opt/model.bin ${what}`)])
    expect((error as UnusableModel).message).toContain('choose another REPRISE_EMBEDDER')
  })

  it('is loaded from where it lies', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'model-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    writeFileSync(join(folder, 'model.bin'), good)
    expect(await loadModel(join(folder, 'model.bin'))).toMatchObject({ name: 'tiny-1' })
    await expect(loadModel(join(folder, 'other.bin'))).rejects.toThrow(/other\.bin.*choose another REPRISE_EMBEDDER/)
  })
})

const rowOf = ({ encoder }: StaticModel, id: number) => encoder.row(id)

function withBitFlipped(at: number): Buffer<ArrayBuffer> {
  const bytes = Buffer.from(good)
  bytes[at]! ^= 1
  return bytes
}
