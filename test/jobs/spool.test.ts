import { expect, it } from 'vitest'
import { START, batches, createSpool, linesOf } from '../../src/jobs/spool.ts'
import { onEveryRecords, openSqliteRecords } from '../support/records.ts'

onEveryRecords((open) => {
  it('keeps lines in chunks of 256 KiB at most, in order', async () => {
    const spool = createSpool(open())
    const lines = Array.from({ length: 100 }, (_, at) => `${at} ${'é'.repeat(5_000)}`)
    const announced: number[] = []
    const extent = await spool.write('job_1', lines, async ({ chunks }) => void announced.push(chunks))
    expect(extent).toEqual({ chunks: 4, lines: 100 })
    expect(announced).toEqual([1, 2, 3, 4])

    const chunks = await Promise.all([0, 1, 2, 3].map((chunk) => spool.read('job_1', chunk)))
    expect(chunks.flat()).toEqual(lines)
    for (const chunk of chunks) expect(Buffer.byteLength(chunk.join('\n'))).toBeLessThanOrEqual(256 * 1024)
  })

  it('drops chunks one by one', async () => {
    const spool = createSpool(open())
    await spool.write('job_1', ['a'.repeat(200_000), 'b'.repeat(200_000)], async () => {})
    await spool.drop('job_1', 0)
    await spool.drop('job_1', 0)
    await expect(spool.read('job_1', 0)).rejects.toMatchObject({ code: 'input_gone' })
    expect(await spool.read('job_1', 1)).toEqual(['b'.repeat(200_000)])
  })
})

it('gives a line that is longer than a chunk one of its own', async () => {
  const spool = createSpool(openSqliteRecords())
  const lines = ['a', 'b'.repeat(300_000), 'c']
  expect(await spool.write('job_1', lines, async () => {})).toEqual({ chunks: 3, lines: 3 })
  expect(await spool.read('job_1', 1)).toEqual([lines[1]])
})

it('announces a chunk before it is there', async () => {
  const records = openSqliteRecords()
  const there: number[] = []
  const count = async () => void there.push((await records.list('spool')).length)
  await createSpool(records).write('job_1', ['a'.repeat(200_000), 'b'.repeat(200_000)], count)
  expect(there).toEqual([0, 1])
})

it('reads lines however the body comes in pieces', async () => {
  const bytes = new TextEncoder().encode('one\r\n\ntwö €\n{"three":3}')
  for (let size = 1; size < bytes.length; size++) {
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
      bytes.slice(at * size, (at + 1) * size),
    )
    expect(await Array.fromAsync(linesOf(ReadableStream.from(pieces)))).toEqual(['one', '', 'twö €', '{"three":3}'])
  }
})

it('cuts off a line beyond all measure, and goes on with the next', async () => {
  const piece = new TextEncoder().encode('x'.repeat(1024 * 1024))
  const body = ReadableStream.from([...Array.from({ length: 5 }, () => piece), new TextEncoder().encode('\nnext\n')])
  const lines = await Array.fromAsync(linesOf(body))
  expect(lines.map(({ length }) => length)).toEqual([2 * 1024 * 1024, 4])
})

it('goes through lines from a place on, and drops what whoever asks for more has saved', async () => {
  const spool = createSpool(openSqliteRecords())
  const lines = Array.from({ length: 5 }, (_, at) => `${at}${'x'.repeat(80_000)}`)
  const extent = await spool.write('job_1', lines, async () => {})
  const input = {
    ...extent,
    read: (chunk: number) => spool.read('job_1', chunk),
    drop: (chunk: number) => spool.drop('job_1', chunk),
  }
  const met: string[] = []
  let place = START
  for await (const batch of batches(input, START, 2)) {
    met.push(...batch.lines)
    place = batch.next
    if (place.chunk > 0) break
  }
  expect(await spool.read('job_1', 0)).toHaveLength(3)
  for await (const batch of batches(input, place, 2)) met.push(...batch.lines)
  expect(met).toEqual(lines)
  await expect(spool.read('job_1', 1)).rejects.toMatchObject({ code: 'input_gone' })
})
