import { expect, it } from 'vitest'
import { createLabels } from '../../src/labels/labels.ts'
import type { Label } from '../../src/labels/label.ts'
import type { Cell } from '../../src/labels/sums.ts'

const REPORT: Label = {
  tenant: 'acme',
  namespace: 'faq',
  space: 'words-1',
  entry: 'ent_1',
  question: 'q',
  score: 4,
  features: Float64Array.of(1, 2),
  right: true,
  source: 'feedback',
  weight: 1,
}

function listening() {
  const [cells, taught]: [Cell[], boolean[]] = [[], []]
  const labels = createLabels({
    book: { add: (_, __, cell) => void cells.push(cell) } as Parameters<typeof createLabels>[0]['book'],
    weights: { learn: (_, __, ___, right) => void taught.push(right) },
    usage: { count: () => {} },
  })
  const report = (right: boolean, times = 1, source: Label['source'] = 'feedback') => {
    for (let nth = 0; nth < times; nth++) labels.add({ ...REPORT, right, source }, { model: 'm' })
  }
  return { report, cells, taught }
}

it('takes reports of wrongs alone for no sample of all hits', () => {
  const { report, cells } = listening()
  report(false, 20)
  expect(cells).toEqual([])
})

it('counts reports where rights are told of far more often than wrongs', () => {
  const { report, cells } = listening()
  report(true, 30)
  report(true, 2)
  report(false, 8)
  report(false)
  expect(cells.map(([kind]) => kind)).toEqual(['right', 'right', ...Array(8).fill('wrong')])
})

it('counts none of the first few, which are too few to say anything', () => {
  const { report, cells } = listening()
  report(true, 29)
  report(false)
  expect(cells).toEqual([])
  report(false)
  expect(cells.map(([kind]) => kind)).toEqual(['wrong'])
})

it('is taught the scorer’s weights by what was compared, and not by reports', () => {
  const { report, taught } = listening()
  report(true, 5)
  report(false, 1, 'near-miss')
  report(true, 1, 'audit')
  expect(taught).toEqual([false, true])
})
