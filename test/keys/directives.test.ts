import { expect, it } from 'vitest'
import { readDirectives } from '../../src/keys/directives.ts'

const NONE = { namespace: 'default', noStore: false, noCache: false, onlyIfCached: false, tags: [] }
const MANY = Array.from({ length: 17 }, (_, at) => `tag-${at}`)

it('leaves it all to the policy if nothing is said', () => {
  expect(read()).toEqual(NONE)
})

/** The same said both ways. */
const controls: [header: string, text: string, member: string, value: unknown, read: object][] = [
  ['Reprise-Namespace', 'a.B_c-1', 'namespace', 'a.B_c-1', { namespace: 'a.B_c-1' }],
  ['Reprise-TTL', '60', 'ttl', 60, { ttlMs: 60_000 }],
  ['Reprise-TTL', '0.5', 'ttl', 0.5, { ttlMs: 500 }],
  ['Reprise-TTL', '0', 'ttl', 0, { ttlMs: 0 }],
  ['Reprise-Threshold', '0.92', 'threshold', 0.92, { threshold: 0.92 }],
  ['Reprise-Threshold', '0', 'threshold', 0, { threshold: 0 }],
  ['Reprise-Threshold', '1', 'threshold', 1, { threshold: 1 }],
  ['Reprise-Match', 'exact', 'match', 'exact', { match: 'exact' }],
  ['Reprise-Match', 'semantic', 'match', 'semantic', { match: 'semantic' }],
  ['Reprise-Tags', 'faq, price:list ,', 'tags', ['faq', 'price:list'], { tags: ['faq', 'price:list'] }],
  ['Reprise-Tags', MANY.slice(1).join(), 'tags', MANY.slice(1), { tags: MANY.slice(1) }],
  ['Reprise-Session', 'chat-7', 'session', 'chat-7', { session: 'chat-7' }],
  ['Cache-Control', 'no-store', 'mode', 'no-store', { noStore: true }],
  ['Cache-Control', 'max-age=5', 'mode', 'max-age=5', { maxAgeMs: 5_000 }],
]

it.each(controls)('reads the header %s: %s and the member %s: %j alike', (header, text, member, value, expected) => {
  expect(read({ [header]: text })).toEqual({ ...NONE, ...expected })
  expect(read({}, { [member]: value })).toEqual({ ...NONE, ...expected })
})

it.each([
  ['Reprise-Namespace', 'a', { namespace: 'b' }, { namespace: 'a' }],
  ['Reprise-TTL', '0', { ttl: 60 }, { ttlMs: 0 }],
  ['Reprise-Threshold', '0', { threshold: 1 }, { threshold: 0 }],
  ['Reprise-Match', 'semantic', { match: 'exact' }, { match: 'semantic' }],
  ['Reprise-Tags', 'a', { tags: ['b', 'c'] }, { tags: ['a'] }],
  ['Reprise-Session', 'a', { session: 'b' }, { session: 'a' }],
  ['Cache-Control', 'no-cache', { mode: 'no-store, max-age=5' }, { noCache: true }],
])('lets the header %s win over the body', (header, text, body, expected) => {
  expect(read({ [header]: text }, body)).toEqual({ ...NONE, ...expected })
})

it('takes from the body what no header says', () => {
  expect(read({ 'Reprise-TTL': '60' }, { namespace: 'faq', ttl: 1 })).toEqual({
    ...NONE,
    namespace: 'faq',
    ttlMs: 60_000,
  })
})

it('takes an empty Cache-Control for none', () => {
  expect(read({ 'Cache-Control': ' ' }, { mode: 'no-store' })).toEqual({ ...NONE, noStore: true })
})

it.each([
  ['no-store', { noStore: true }],
  ['No-Store', { noStore: true }],
  ['no-cache', { noCache: true }],
  ['only-if-cached', { onlyIfCached: true }],
  ['no-cache, no-store', { noCache: true, noStore: true }],
  ['no-cache,no-store', { noCache: true, noStore: true }],
  [' , no-cache ,, ', { noCache: true }],
  ['MAX-AGE=60', { maxAgeMs: 60_000 }],
  ['max-age="60"', { maxAgeMs: 60_000 }],
  ['max-age=0', { maxAgeMs: 0 }],
  ['max-age=007', { maxAgeMs: 7_000 }],
  ['max-stale', { maxStaleMs: Infinity }],
  ['max-stale=30', { maxStaleMs: 30_000 }],
  ['max-stale="30", only-if-cached', { maxStaleMs: 30_000, onlyIfCached: true }],
  ['max-stale, max-age=10', { maxStaleMs: Infinity, maxAgeMs: 10_000 }],
  ['min-fresh=10, no-transform, stale-if-error=5, immutable', {}],
  ['community="UCI"', {}],
  ['community="a, no-store, b", no-cache', { noCache: true }],
  ['community="say \\"no-store, now\\"", no-cache', { noCache: true }],
  ['x-no-store', {}],
  ['no-store-at-all', {}],
  ['constructor, __proto__=1', {}],
])('reads Cache-Control: %s', (text, expected) => {
  expect(read({ 'Cache-Control': text })).toEqual({ ...NONE, ...expected })
})

it('takes a number of seconds that is too large to count for a very long time', () => {
  const { maxAgeMs } = read({ 'Cache-Control': 'max-age=99999999999999999999' })
  expect(maxAgeMs).toBeGreaterThanOrEqual((2 ** 31 - 1) * 1000)
})

it.each([
  ['Cache-Control', 'max-age', 'max-age'],
  ['Cache-Control', 'max-age=', 'max-age'],
  ['Cache-Control', 'max-age=-1', 'max-age'],
  ['Cache-Control', 'max-age=1.5', 'max-age'],
  ['Cache-Control', 'max-age=soon', 'max-age'],
  ['Cache-Control', 'max-stale=', 'max-stale'],
  ['Cache-Control', 'max-stale=late', 'max-stale'],
  ['Reprise-Namespace', '', '1 to 64'],
  ['Reprise-Namespace', 'a/../b', '1 to 64'],
  ['Reprise-Namespace', 'a'.repeat(65), '1 to 64'],
  ['Reprise-TTL', '', 'seconds'],
  ['Reprise-TTL', 'soon', 'seconds'],
  ['Reprise-TTL', '-1', 'seconds'],
  ['Reprise-TTL', '1e3', 'seconds'],
  ['Reprise-TTL', '0x10', 'seconds'],
  ['Reprise-TTL', '60s', 'seconds'],
  ['Reprise-TTL', '9999999999', 'ten years'],
  ['Reprise-Threshold', '1.01', 'cosine from 0 to 1'],
  ['Reprise-Threshold', '-0.1', 'cosine from 0 to 1'],
  ['Reprise-Threshold', '90%', 'cosine from 0 to 1'],
  ['Reprise-Match', 'EXACT', "'exact' or 'semantic'"],
  ['Reprise-Match', 'fuzzy', "'exact' or 'semantic'"],
  ['Reprise-Tags', MANY.join(), '16 tags'],
  ['Reprise-Tags', 'two words', 'ASCII'],
  ['Reprise-Tags', 'a'.repeat(129), '128'],
  ['Reprise-Session', 'a b', '1 to 64'],
])('refuses the header %s: %s by its name', (header, text, why) => {
  expect(() => read({ [header]: text })).toThrow(fault(header, why))
})

it.each([
  ['cache', 'no-store', 'object'],
  ['cache', [], 'object'],
  ['cache', 1, 'object'],
  ['cache.mode', { mode: 1 }, 'string'],
  ['cache.mode', { mode: 'max-age=soon' }, 'max-age'],
  ['cache.namespace', { namespace: 'a b' }, '1 to 64'],
  ['cache.namespace', { namespace: '' }, '1 to 64'],
  ['cache.ttl', { ttl: '60' }, 'seconds'],
  ['cache.ttl', { ttl: -1 }, 'negative'],
  ['cache.ttl', { ttl: 1e10 }, 'ten years'],
  ['cache.threshold', { threshold: 95 }, 'cosine from 0 to 1'],
  ['cache.threshold', { threshold: '0.9' }, 'cosine from 0 to 1'],
  ['cache.match', { match: 'fuzzy' }, "'exact' or 'semantic'"],
  ['cache.tags', { tags: 'a' }, 'array'],
  ['cache.tags', { tags: MANY }, '16 tags'],
  ['cache.tags.1', { tags: ['a', 'b,c'] }, 'commas'],
  ['cache.session', { session: 'a/b' }, '1 to 64'],
  ['cache.tll', { tll: 60 }, 'not a control'],
  ['cache.constructor', { constructor: 1 }, 'not a control'],
])('refuses the member %s: %j by its name', (param, controls, why) => {
  expect(() => read({}, controls)).toThrow(fault(param, why))
})

it('refuses what the body says wrongly even if a header wins over it', () => {
  expect(() => read({ 'Reprise-TTL': '60' }, { ttl: 'soon' })).toThrow(fault('cache.ttl', 'seconds'))
})

it.each(['Reprise-Treshold', 'Reprise-Tag', 'Reprise-', 'REPRISE-NAME'])(
  'refuses the header %s, which does nothing',
  (name) => {
    expect(() => read({ [name]: '1' })).toThrow(fault(name.toLowerCase(), 'not a control'))
  },
)

it('lets headers be that are not for the cache', () => {
  expect(read({ 'X-Reprise-TTL': '1', Authorization: 'Bearer a', Pragma: 'x' })).toEqual(NONE)
})

function read(headers: Record<string, string> = {}, controls?: unknown) {
  return readDirectives(new Headers(headers), controls)
}

function fault(param: string, why: string): unknown {
  return expect.objectContaining({
    status: 400,
    code: 'invalid_directive',
    param,
    message: expect.stringContaining(why),
  })
}
