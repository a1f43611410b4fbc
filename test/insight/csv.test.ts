import { expect, it } from 'vitest'
import { csvOf } from '../../src/insight/csv.ts'
import type { ReportQuery } from '../../src/insight/report.ts'
import { HOUR, bypass, counting, miss } from './counting.ts'
import { hit } from './hit.ts'

it('has a header and a line for each row, all as long, each ended as RFC 4180 has it', async () => {
  const { csv, lines } = await told({ by: ['namespace', 'model'], bucket: 'hour' })
  expect(csv.endsWith('\r\n')).toBe(true)
  expect(lines).toHaveLength(4)
  expect(new Set(lines.map((line) => line.split(',').length)).size).toBe(1)
  expect(lines[0]).toMatch(/^start,namespace,model,requests,hits\.total,hits\.exact,/)
  expect(lines[1]).toMatch(/^2026-01-01T00:00:00\.000Z,faq,gpt-4o,2,1,1,/)
})

it('calls columns as the JSON does, reasons among them, with 0 where a row has none', async () => {
  const { cell } = await told({ by: ['namespace'] })
  expect([cell('misses.by_reason.nothing-near', 1), cell('misses.by_reason.nothing-near', 2)]).toEqual(['1', '0'])
  expect([cell('bypasses.by_reason.store', 1), cell('bypasses.by_reason.store', 2)]).toEqual(['0', '2'])
  expect(cell('saved.net_usd', 1)).toBe('15')
})

it('leaves empty what is not known', async () => {
  const { cell } = await told({ by: ['namespace'] })
  expect(cell('hit_rate', 2)).toBe('')
  expect(cell('latency_ms.hit.p50', 2)).toBe('')
})

it('is but a header if nothing was counted', async () => {
  const csv = csvOf(await counting().report())
  expect(csv).toMatch(/^start,requests,[^\r\n]+\r\n$/)
})

it.each([
  ['a,b', '"a,b"'],
  ['a"b', '"a""b"'],
  ['a\r\nb', '"a\r\nb"'],
  ['a b', 'a b'],
  ['é', 'é'],
])('quotes %j where it must', async (model, cell) => {
  const { saw, report } = counting()
  saw(miss, { model })
  expect(csvOf(await report({ by: ['model'] }))).toContain(`Z,${cell},1,`)
})

it.each(['=1+1', '+1', '-1', '@x', '\tx'])('does not let %j be taken for a formula', async (model) => {
  const { saw, report } = counting()
  saw(miss, { model })
  expect(csvOf(await report({ by: ['model'] }))).toContain(`Z,'${model},1,`)
})

it('leaves negative numbers alone', async () => {
  const { saw, charge, report } = counting()
  saw(miss)
  charge({ tenant: 'acme', namespace: 'faq', model: 'gpt-4o' }, 'audit', 'gpt-4o', {
    promptTokens: 3,
    completionTokens: 0,
  })
  expect(csvOf(await report())).toContain(',-3,')
})

async function told(query: Partial<ReportQuery>) {
  const { saw, report, pass } = counting()
  saw([miss, hit('exact')])
  pass(HOUR)
  saw([bypass], { namespace: 'news' })
  saw([bypass], { namespace: 'news', model: 'o3' })
  const csv = csvOf(await report(query))
  const lines = csv.split('\r\n').slice(0, -1)
  const columns = lines[0]!.split(',')
  const cell = (column: string, line: number) => lines[line]!.split(',')[columns.indexOf(column)]
  return { csv, lines, cell }
}
