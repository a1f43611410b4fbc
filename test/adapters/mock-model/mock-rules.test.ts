import { expect, it } from 'vitest'
import { MockRulesError, parseMockRules } from '../../../src/adapters/mock-model/mock-rules.ts'

it('reads rules as they are written', () => {
  const rules = [
    { text: 'What is the capital of France?', answer: 'Paris.' },
    { pattern: '^slow (\\d+)$', flags: 'i', model: 'gpt-4o', latencyMs: '$1' },
  ]
  expect(parseMockRules(JSON.stringify(rules), 'rules.json')).toEqual(rules)
})

it('names source, rule and field of every fault at once', () => {
  const rules = [
    { text: 'fine', answer: 'fine' },
    { text: 'misspelt', anwser: 'Paris.' },
    { text: 'no such status', error: { status: 200 } },
    { text: 'not a number', latencyMs: 'soon', cutAfter: -1 },
  ]
  expect(faultsOf(rules)).toEqual([
    'rules.json, rule 2: Unrecognized key: "anwser"',
    'rules.json, rule 3, error.status: Too small: expected number to be >=400',
    'rules.json, rule 4, latencyMs: expected milliseconds, or a group of the pattern such as "$1"',
    'rules.json, rule 4, cutAfter: Too small: expected number to be >=0',
  ])
})

it('says all faults in its message, a line each', () => {
  const faulty = () => parseMockRules('[{ "text": 1 }, { "text": 2 }]', 'rules.json')
  expect(faulty).toThrow(/cannot be used:\n {2}rules\.json, rule 1, text: .+\n {2}rules\.json, rule 2, text: .+$/)
})

it('names the source of a text that is not JSON', () => {
  expect(() => parseMockRules('[{]', 'rules.json')).toThrow('rules.json: not JSON: ')
})

it('refuses anything but a list', () => {
  expect(faultsOf({ text: 'hello' })).toEqual(['rules.json: Invalid input: expected array, received object'])
})

it('refuses a rule with neither text nor pattern', () => {
  expect(faultsOf([{ answer: 'Paris.' }])).toEqual(['rules.json, rule 1, text: expected either text or pattern'])
})

it('refuses a rule with both text and pattern', () => {
  const rule = { text: 'hello', pattern: 'hello' }
  expect(faultsOf([rule])).toEqual(['rules.json, rule 1, pattern: expected either text or pattern'])
})

it('refuses an answer beside an error', () => {
  const rule = { text: 'hello', answer: 'hello', error: { status: 500 } }
  expect(faultsOf([rule])).toEqual(['rules.json, rule 1, error: expected no answer or completion beside an error'])
})

it('refuses a pattern that does not compile', () => {
  expect(faultsOf([{ pattern: '(' }])).toEqual([
    'rules.json, rule 1, pattern: Invalid regular expression: /(/: Unterminated group',
  ])
})

it('refuses flags that do not go together', () => {
  expect(faultsOf([{ pattern: 'a', flags: 'uv' }])).toEqual([expect.stringContaining('rules.json, rule 1, pattern: ')])
})

it('refuses a flag that would make matching depend on earlier matches', () => {
  expect(faultsOf([{ pattern: 'a', flags: 'g' }])).toEqual([
    'rules.json, rule 1, flags: expected some of i, m, s, u and v',
  ])
})

function faultsOf(rules: unknown): readonly string[] {
  try {
    parseMockRules(JSON.stringify(rules), 'rules.json')
    return []
  } catch (error) {
    if (error instanceof MockRulesError) return error.faults
    throw error
  }
}
