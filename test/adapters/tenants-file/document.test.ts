import { expect, it } from 'vitest'
import { z } from 'zod'
import { UnusableFile, readDocument } from '../../../src/adapters/tenants-file/document.ts'

const Schema = z.strictObject({
  tenants: z.array(
    z.strictObject({
      id: z.string(),
      size: z.number().optional(),
      parts: z.record(z.string().max(3), z.number()).optional(),
    }),
  ),
})
const read = (text: string) => readDocument(text, 'tenants.yaml', Schema)

function faults(text: string): readonly string[] {
  try {
    read(text)
  } catch (error) {
    if (error instanceof UnusableFile) return error.faults
    throw error
  }
  return []
}

it('reads YAML', () => {
  expect(read('tenants:\n  - id: acme # the first\n    parts: { a: 1 }\n')).toEqual({
    tenants: [{ id: 'acme', parts: { a: 1 } }],
  })
})

it('reads JSON, indented as it may be', () => {
  const value = { tenants: [{ id: 'acmé \u0001 🔑', size: 1e3, parts: { a: 1 } }] }
  expect(read(JSON.stringify(value))).toEqual(value)
  expect(read(JSON.stringify(value, null, '\t'))).toEqual(value)
})

it('takes names for names, whatever they look like', () => {
  expect(read('tenants: [{ id: on, parts: { 1: 1, no: 2 } }]').tenants[0]).toEqual({ id: 'on', parts: { 1: 1, no: 2 } })
})

it('names every fault, and the line that it is on', () => {
  const text = [
    'tenants:',
    '  - id: acme',
    '    size: many',
    '  - id:',
    '      - 1',
    '    sise: 1',
    '    sizes: 1',
    '  - size: 1',
    '    parts:',
    '      a: 1',
    '      long: 1',
  ].join('\n')
  expect(faults(text)).toEqual([
    'tenants.yaml:3: tenants.0.size: Invalid input: expected number, received string',
    'tenants.yaml:4: tenants.1.id: Invalid input: expected string, received array',
    'tenants.yaml:6: tenants.1.sise: is not known here',
    'tenants.yaml:7: tenants.1.sizes: is not known here',
    'tenants.yaml:8: tenants.2.id: Invalid input: expected string, received undefined',
    'tenants.yaml:11: tenants.2.parts.long: Too big: expected string to have <=3 characters',
  ])
})

it('finds the line of a fault in JSON as well', () => {
  expect(faults('{\n  "tenants": [\n    {\n      "id": 1\n    }\n  ]\n}')).toEqual([
    'tenants.yaml:4: tenants.0.id: Invalid input: expected string, received number',
  ])
})

it('finds the line of a fault where an alias leads', () => {
  expect(faults('tenants:\n  - &one\n    id: 1\n  - *one\n')).toEqual([
    'tenants.yaml:3: tenants.0.id: Invalid input: expected string, received number',
    'tenants.yaml:3: tenants.1.id: Invalid input: expected string, received number',
  ])
})

it.each([
  ['is said twice', 'tenants: []\ntenants: []', 'tenants.yaml:2: Map keys must be unique'],
  ['does not end', 'tenants: [\n', 'tenants.yaml:'],
  ['is of a type that does not exist', 'tenants: !!js/function "x"', 'tenants.yaml:1: Unresolved tag'],
  ['refers to nothing', 'tenants: *none', 'tenants.yaml:1: '],
  ['comes after another', 'tenants: []\n---\ntenants: []', 'tenants.yaml:'],
  ['is nothing', '', 'tenants.yaml:1: Invalid input: expected object, received null'],
])('complains of what %s', (_, text, complaint) => {
  expect(faults(text)[0]).toContain(complaint)
})

it('does not let aliases of aliases exhaust the memory', () => {
  const lines = Array.from(
    { length: 30 },
    (_, nth) => `a${nth + 1}: &a${nth + 1} [${Array(9).fill(`*a${nth}`).join(', ')}]`,
  )
  expect(faults(`a0: &a0 [x]\n${lines.join('\n')}`)[0]).toMatch(/^tenants\.yaml:1: .*alias/)
})

it('lets no name reach what an object inherits', () => {
  expect(faults('tenants:\n  - __proto__: { id: acme }')).toEqual([
    'tenants.yaml:2: tenants.0.id: Invalid input: expected string, received undefined',
    'tenants.yaml:2: tenants.0.__proto__: is not known here',
  ])
})
