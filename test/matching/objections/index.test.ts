import { describe, expect, it } from 'vitest'
import { doubts, objections } from '../../../src/matching/objections/index.ts'
import { read } from '../../../src/matching/reading.ts'

const objecting = (asked: string, known: string) =>
  objections.filter(({ objects }) => objects(read(asked), read(known))).map(({ name }) => name)

it.each([
  ['How do I reset my password?', 'How can I reset my password?'],
  ['What is the capital of France?', 'Tell me the capital of France'],
  ['turn on 2FA', 'enable 2FA'],
  ['two apples', '2 apples'],
  ['5,000 dollars', '$5000'],
  ["Why don't cats swim?", 'Why do not cats swim?'],
  ["What's a monad?", 'What is a monad?'],
  ['HOW DO I COOK RICE', 'How do I cook rice?!'],
  ['the GDP of the U.S.', 'the GDP of the US'],
  ['write an e-mail', 'write an email'],
  ['What is the best way to learn Spanish?', 'How can I learn Spanish quickly?'],
  ['Who wrote Hamlet?', 'who is the author of hamlet'],
  ['turn on 2FA', 'enable 2FA'],
  ['How do I log in?', 'how to sign in'],
  ['play some soul music', 'I want to hear some soul music'],
  ['flights from boston to denver', 'show me flights to denver from boston'],
  ['Is it legal to record calls?', 'Is recording calls legal?'],
  ['python memory leak in requests', 'memory leak in python requests'],
  ['weather tomorrow in Paris', 'What will the weather be in Paris tomorrow?'],
])('no objection is made to "%s" for "%s"', (asked, known) => {
  expect(objecting(asked, known)).toEqual([])
  expect(objecting(known, asked)).toEqual([])
})

it.each([
  ['How do I enable 2FA?', 'How do I disable 2FA?', 'antonym'],
  ['turn on dark mode', 'turn off dark mode', 'antonym'],
  ['miles to km', 'km to miles', 'direction'],
  ['10 miles to km', '10 km to miles', 'direction'],
  ['what is 2+2', 'what is 2+3', 'number'],
  ['order 48213', 'order 48231', 'number'],
  ['revenue of 2024', 'revenue of 2025', 'number'],
  ['install version 3.11', 'install version 3.12', 'number'],
  ['what does --max-cost do', 'what does --max-heads do', 'code'],
  ['can I fly with a cat', "can't I fly with a cat", 'negation'],
  ['what is 2+2', 'what is 2*2', 'number'],
  ['Convert 100 USD to EUR', 'Convert 250 USD to EUR', 'number'],
  ['Where is order 48213?', 'Where is order 48231?', 'number'],
  ['How do I reset my password?', 'How do I reset my username?', 'sibling'],
  ['enable 2FA', 'disable 2FA', 'antonym'],
  ['play music by mozart', 'play music by the beatles', 'slot'],
  ['what is the weather in france', 'what is the weather in niue', 'slot'],
  ['flights from boston to denver on monday', 'flights from boston to denver on friday', 'time'],
  ['changelog for forum v3.2', 'changelog for forum **v3.3**', 'number'],
  ['site:bbc.com climate change article', 'climate change article site:cnn.com', 'code'],
  ['nearest gas station', 'cheapest gas station', 'degree'],
  ['list all users', 'list all users except admins', 'scope'],
  ['When was the bridge built?', 'Why was the bridge built?', 'question'],
  ['Explain gravity in one sentence', 'Explain gravity in detail', 'format'],
  ['convert 5 km to miles', '5 miles in kilometers', 'unit'],
])('"%s" is not served for "%s", because of the %s', (asked, known, name) => {
  expect(objecting(asked, known)).toContain(name)
  expect(objecting(known, asked)).toContain(name)
})

it('refuses a long prompt for another that only ends differently', () => {
  const shared = Array.from({ length: 512 }, (_, at) => `clause${at % 97}`).join(' ')
  expect(objecting(`${shared}. When is payment due?`, `${shared}. Who bears the risk?`)).toContain('remainder')
  expect(objecting(`${shared}. When is payment due?`, `${shared}. When is payment due?`)).toEqual([])
})

it('is of the same mind about a doubt in both orders', () => {
  const texts = [
    'Why is it 5 km?',
    'is it not the best, only 3 "miles"?',
    'It is in Paris today',
    'short list in JSON',
    '',
  ]
  for (const { objects } of doubts) {
    for (const one of texts) {
      for (const other of texts) expect(objects(read(one), read(other))).toBe(objects(read(other), read(one)))
    }
  }
})

it('names each objection once, in a form fit for a header', () => {
  for (const voices of [objections, doubts]) {
    const names = voices.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    for (const name of names) expect(name).toMatch(/^[a-z]+$/)
  }
})

const voices = [...objections, ...doubts.map((doubt) => ({ ...doubt, name: `${doubt.name} doubt` }))]

describe.each(voices)('the $name objection', ({ objects }) => {
  const odd = [
    '',
    ' ',
    '?',
    '\ud800',
    'a\udfffb',
    "'",
    '"',
    '`',
    '```',
    '--',
    '1',
    '\0',
    'İ',
    'ﬃ',
    '北京',
    '北京的天气怎么样',
  ].concat(['날씨가 어때요', 'كيف الطقس اليوم', 'שלום', 'сколько стоит 5 кг', '👩‍👩‍👧 🙂', '5️⃣ €', 'x北京y'])

  it('copes with any two texts and sees the same in both orders', () => {
    for (const one of odd) {
      for (const other of odd) {
        const [asked, known] = [read(one), read(other)]
        expect(objects(asked, known)).toBe(objects(known, asked))
      }
    }
  })

  it('has nothing against the same question', () => {
    for (const text of [...odd, 'Is 5 km to Paris "far" for --fast?', 'to to to from from', 'NOT NOW']) {
      expect(objects(read(text), read(text))).toBe(false)
    }
  })
})

const units = ['a', '1', ' ', '"', '`', "'", '-', '.', '/', '_', '=', ':', '\ud800', '不', '가', 'ع', '🙂', 'é'].concat(
  ["'a", "a' ", 'A.', 'a_', 'aB', 'a1', '1,', '1.', '1/', '1-', '1+', '-a ', '.a', '=a', 'a:', 'a=b ', '(a', '# '],
  ['a to b ', 'Ab Ba ', '"x" ', "'x' ", '`x` ', 'two hundred ', 'a@a.', 'a + ', 'a.com ', 'site:a ', '--a=b ', 'A-1 '],
  ['in paris ', 'may 5 ', 'not ', 'at least ', 'turn it ', 'red blue ', 'and or ', 'most ', 'as a ', 'how long '],
)

/** Milliseconds of the processor, which others who use the machine do not add to. */
function worked(work: () => void): number {
  const before = process.cpuUsage()
  work()
  return process.cpuUsage(before).user / 1_000
}

const chain = (long: string): void => {
  const [asked, known] = [read(`${long} x`), read(`y ${long}`)]
  for (const { objects } of voices) objects(asked, known)
}

it.each(units)('takes time in proportion to the length of a text of "%s"', (unit) => {
  const took = (length: number) => {
    const long = unit.repeat(length / unit.length)
    return worked(() => chain(long))
  }
  took(2_500)
  const [short, long] = [took(25_000), took(100_000)]
  // Four times the length; a square would take sixteen times the time. The rest is for a machine that is busy.
  expect(long).toBeLessThan(10 * short + 500)
})

it('takes time in proportion to the length of different words, names and numbers', () => {
  const took = (length: number) => {
    const text = (seed: number) =>
      Array.from({ length: length / 8 }, (_, at) => `N${(at * seed).toString(36)} ${at * seed} to`)
        .join(' ')
        .slice(0, length)
    const [asked, known] = [read(text(7)), read(text(11))]
    return worked(() => {
      for (const { objects } of voices) objects(asked, known)
    })
  }
  took(2_500)
  const [short, long] = [took(25_000), took(100_000)]
  expect(long).toBeLessThan(10 * short + 500)
})
