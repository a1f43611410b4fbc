import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { bridgeSubject } from '../support/upstash/redis-bridge-subject.ts'
import { describeWithRedis } from '../support/upstash/with-redis.ts'

const sha1 = (text: string) => createHash('sha1').update(text).digest('hex')
let told = 0
/** A script that Redis itself would refuse, other than any before. */
const flagged = () => `#!lua flags=allow-key-locking\nreturn {KEYS[1], ARGV[1], ${told++}}`

describeWithRedis('the stand-in for Upstash Redis, given a script', () => {
  const { bridge, call, client } = bridgeSubject()

  it('runs one with the flag that is only known to Upstash, by its text and then by its digest', async () => {
    const script = client().createScript<unknown[]>(flagged())
    const results = [await script.exec(['key'], ['a']), await script.exec(['key'], ['b'])]
    expect(results.map(([key, argument]) => [key, argument])).toEqual([
      ['key', 'a'],
      ['key', 'b'],
    ])
    expect([bridge().commands.count('EVALSHA'), bridge().commands.count('EVAL')]).toEqual([2, 1])
  })

  it('names a loaded script by the digest that the client reckons', async () => {
    const script = flagged()
    expect(await client().scriptLoad(script)).toBe(sha1(script))
    expect(await client().scriptExists(sha1(script), sha1('none'))).toEqual([1, 0])
    expect(await client().evalsha(sha1(script), ['key'], ['a'])).toEqual(['key', 'a', expect.any(Number)])
  })

  it('knows it within a transaction as well', async () => {
    const script = flagged()
    const replies = await call('/multi-exec', [
      ['SCRIPT', 'LOAD', script],
      ['EVALSHA', sha1(script), 1, 'key', 'a'],
    ])
    expect(replies).toEqual([{ result: sha1(script) }, { result: ['key', 'a', expect.any(Number)] }])
  })

  it('does not know one that was not told, or that was flushed', async () => {
    const script = flagged()
    await expect(client().evalsha(sha1(script), ['key'], ['a'])).rejects.toThrow('NOSCRIPT')
    await client().scriptLoad(script)
    await client().scriptFlush()
    await expect(client().evalsha(sha1(script), ['key'], ['a'])).rejects.toThrow('NOSCRIPT')
  })

  it('leaves to Redis the flags that it knows', async () => {
    const writing = "#!lua flags=no-writes\nreturn redis.call('SET', KEYS[1], 1)"
    await expect(client().eval(writing, ['key'], [])).rejects.toThrow('Write commands are not allowed')
  })

  it('leaves a script without flags as it is, bytes and all', async () => {
    const script = "return '#!lua flags=allow-key-locking ü'"
    expect(await client().eval(script, [], [])).toBe('#!lua flags=allow-key-locking ü')
    expect(await client().scriptLoad(script)).toBe(sha1(script))
  })
})
