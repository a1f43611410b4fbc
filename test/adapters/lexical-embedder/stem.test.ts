import { expect, it } from 'vitest'
import { stem } from '../../../src/adapters/lexical-embedder/stem.ts'

it.each([
  ['reset', 'resets', 'resetting'],
  ['password', 'passwords'],
  ['policy', 'policies'],
  ['class', 'classes'],
  ['order', 'orders', 'ordered', 'ordering'],
  ['cancel', 'cancels', 'canceled'],
  ['increase', 'increases', 'increased', 'increasing'],
  ['call', 'calls', 'called', 'calling'],
  ['proceed', 'proceeds', 'proceeding'],
  ['speed', 'speeds'],
])('gives the forms of %j one stem', (...forms) => {
  expect(new Set(forms.map(stem)).size).toBe(1)
})

it.each(['us', 'bus', 'this', 'access', 'king', 'string', 'red', 'need', 'using', '42s', '密码'])(
  'leaves %j as it is',
  (word) => {
    expect(stem(word)).toBe(word)
  },
)

it.each([
  ['us', 'use'],
  ['us', 'used'],
])('keeps %j and %j apart', (one, other) => {
  expect(stem(one)).not.toBe(stem(other))
})
