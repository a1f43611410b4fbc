import { expect, it } from 'vitest'
import { NOTHING, endMark, placeMark, portableOf, readLine } from '../../src/jobs/portable.ts'
import { answerTo } from './cellar.ts'

const NOW = Date.UTC(2026, 0, 1)
const line = (parts: object = {}) => JSON.stringify({ ...JSON.parse(portableOf(answerTo(1, NOW))), ...parts })

it('carries everything of an entry but its tenant, its name and its epoch', () => {
  const vector = new Float32Array([0.6, -0.8])
  const entry = answerTo(1, NOW, { space: 'plane@1', vector, says: 'a'.repeat(32), epoch: 5 })
  const { epoch: _, key, ...rest } = entry
  const { namespace, scope, digest } = key
  expect(readLine(portableOf(entry))).toEqual({ ...rest, key: { namespace, scope, digest } })
})

it('carries what an entry lacks as lacking', () => {
  const { usage, space, vector } = readLine(portableOf(answerTo(1, NOW, { usage: undefined }))) as Record<
    string,
    unknown
  >
  expect({ usage, space, vector }).toEqual({ usage: undefined, space: undefined, vector: undefined })
})

it('writes vectors as little-endian floats', () => {
  const { vector } = JSON.parse(portableOf(answerTo(1, NOW, { space: 's', vector: new Float32Array([1, 0]) })))
  expect(Buffer.from(vector, 'base64')).toEqual(Buffer.from([0, 0, 0x80, 0x3f, 0, 0, 0, 0]))
})

it('reads nothing into empty lines and marks', () => {
  for (const each of ['', ' \r', placeMark('17'), endMark]) expect(readLine(each)).toBe(NOTHING)
})

it.each([
  ['is no JSON', 'hello'],
  ['is cut off', line().slice(0, -5)],
  ['is of another version', line({ reprise: 2 })],
  ['has a namespace that is no name', line({ namespace: 'a/b' })],
  ['has a scope that is no digest', line({ scope: '../../other' })],
  ['has a digest that is too short', line({ digest: 'abc' })],
  ['has a completion that is no JSON', line({ completion: 'Paris.' })],
  ['has a completion without choices', line({ completion: '{"id":"1","created":1,"model":"m","choices":[]}' })],
  ['has a tag with a comma', line({ tags: ['a,b'] })],
  ['ends before it begins', line({ expiresAt: NOW - 1 })],
  ['goes before it is over', line({ keepUntil: NOW + 1, expiresAt: NOW + 2 })],
  ['has a time that is none', line({ createdAt: null })],
])('refuses a line that %s', (_, text) => {
  expect(readLine(text)).toBeUndefined()
})

it('takes a vector that is no direction for none', () => {
  const vector = Buffer.from(new Float32Array([3, 4]).buffer).toString('base64')
  expect(readLine(line({ space: 's', vector }))).toMatchObject({ space: 's', vector: undefined })
  expect(readLine(line({ space: 's', vector: 'AAAA' }))).toMatchObject({ vector: undefined })
})
