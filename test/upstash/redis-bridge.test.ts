import { expect, it } from 'vitest'
import { TOKEN, bridgeSubject } from '../support/upstash/redis-bridge-subject.ts'
import { describeWithRedis } from '../support/upstash/with-redis.ts'

const BASE64 = { 'upstash-encoding': 'base64' }
const base64 = (text: string) => Buffer.from(text).toString('base64')

describeWithRedis('the stand-in for Upstash Redis', () => {
  const { bridge, request, post, call, client } = bridgeSubject()
  const verbatim = () => client({ automaticDeserialization: false })

  it.each(['plain', '', 'OK', 'T0s=', 'ünïcödé 🚀', '\0\r\n\u0001', '{"a":1}', 'null', '12'])(
    'gives back the text %j as the client set it',
    async (text) => {
      const redis = verbatim()
      await redis.set('key', text)
      expect(await redis.get('key')).toBe(text)
      expect(await redis.mget('key', 'none')).toEqual([text, null])
    },
  )

  it('gives back bytes that are no text', async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, at) => 255 - at))
    await request('/set/key', { method: 'POST', body: bytes })
    const { result } = (await call('/', ['GET', 'key'], BASE64)) as { result: string }
    expect(Buffer.from(result, 'base64')).toEqual(bytes)
  })

  it('leaves OK as it is and encodes all other strings', async () => {
    const script = "return {redis.status_reply('OK'), 'text', 7}"
    const commands = [['SET', 'key', 'OK'], ['GET', 'key'], ['PING'], ['GET', 'none'], ['EVAL', script, 0]]
    const results = ['OK', base64('OK'), base64('PONG'), null, [base64('OK'), base64('text'), 7]]
    expect(await call('/pipeline', commands, BASE64)).toEqual(results.map((result) => ({ result })))
  })

  it('encodes nothing unless it is asked to', async () => {
    expect(await call('/pipeline', [['PING'], ['ECHO', 'text']])).toEqual([{ result: 'PONG' }, { result: 'text' }])
  })

  it('tells lists within lists, and what is not there', async () => {
    expect(await call('/', ['EVAL', "return {1, {'a', false, {}}}", 0])).toEqual({ result: [1, ['a', null, []]] })
  })

  it('tells an integer that JSON would round as a string', async () => {
    await call('/', ['SET', 'n', '9007199254740990'])
    expect(await call('/', ['INCR', 'n'])).toEqual({ result: 9007199254740991 })
    expect(await call('/', ['INCRBY', 'n', 2])).toEqual({ result: '9007199254740993' })
    expect(await verbatim().incr('n')).toBe('9007199254740994')
  })

  it('takes numbers and booleans as their text, and objects as JSON', async () => {
    await call('/', ['MSET', 'number', 1.5, 'boolean', true, 'object', { a: [1, null] }])
    expect(await call('/', ['MGET', 'number', 'boolean', 'object'])).toEqual({
      result: ['1.5', 'true', '{"a":[1,null]}'],
    })
  })

  it('answers a command that fails with 400 and an error that is not encoded', async () => {
    const response = await post('/', ['GET'], BASE64)
    expect(response.status).toBe(400)
    expect(await response.json()).toEqual({ error: "ERR wrong number of arguments for 'get' command" })
  })

  it('tells the error of a command in a pipeline among the results', async () => {
    const response = await post('/pipeline', [
      ['SET', 'key', 'text'],
      ['INCR', 'key'],
      ['GET', 'key'],
    ])
    expect(response.status).toBe(200)
    const error = 'ERR value is not an integer or out of range'
    expect(await response.json()).toEqual([{ result: 'OK' }, { error }, { result: 'text' }])
  })

  it('answers each command of a long pipeline in its place', async () => {
    const numbers = Array.from({ length: 1000 }, (_, at) => `${at}`.repeat(100))
    const replies = await call(
      '/pipeline',
      numbers.map((number) => ['ECHO', number]),
    )
    expect(replies).toEqual(numbers.map((result) => ({ result })))
  })

  it('runs a transaction as one, with the errors of its commands among the results', async () => {
    const replies = await call(
      '/multi-exec',
      [
        ['SET', 'key', 'text'],
        ['INCR', 'key'],
        ['GET', 'key'],
      ],
      BASE64,
    )
    const error = 'ERR value is not an integer or out of range'
    expect(replies).toEqual([{ result: 'OK' }, { error }, { result: base64('text') }])
    expect(await client().multi().set('a', 1).incr('a').exec()).toEqual(['OK', 2])
  })

  it('discards a transaction with a command that cannot be run, and says why', async () => {
    const response = await post('/multi-exec', [['SET', 'key', 1], ['GET']])
    expect(response.status).toBe(400)
    expect(await response.json()).toEqual({ error: "ERR wrong number of arguments for 'get' command" })
    expect(await client().exists('key')).toBe(0)
  })

  it.each(['/', '/pipeline', '/multi-exec', '/get/key', '/subscribe/news'])('keeps strangers from %s', async (path) => {
    for (const headers of [{}, { authorization: 'Bearer wrong' }, { authorization: TOKEN }]) {
      const response = await fetch(bridge().url + path, { method: 'POST', body: '[["PING"]]', headers })
      expect(response.status).toBe(401)
      expect(await response.json()).toEqual({ error: 'WRONGPASS invalid or missing auth token' })
    }
    expect(bridge().commands.count()).toBe(0)
  })

  it('lets the client with a wrong token know', async () => {
    await expect(client({ token: 'wrong' }).get('key')).rejects.toThrow('WRONGPASS')
  })

  it('takes the token from the query as well', async () => {
    const response = await fetch(`${bridge().url}/echo/a%2Fb?_token=${TOKEN}`)
    expect(await response.json()).toEqual({ result: 'a/b' })
  })

  it('takes a command as a path, with a body as its value and a query as its options', async () => {
    await request('/set/key?EX=60&NX', { method: 'POST', body: '{"a":1}' })
    await request('/set/key/other/nx')
    expect(await verbatim().get('key')).toBe('{"a":1}')
    expect(await verbatim().ttl('key')).toBe(60)
  })

  it('knows four methods', async () => {
    expect((await request('/ping', { method: 'DELETE' })).status).toBe(405)
    expect((await request('/ping', { method: 'PUT' })).status).toBe(200)
  })

  it.each(['/', '/pipeline', '/multi-exec'])('refuses at %s what is no command', async (path) => {
    for (const body of ['', '{', '[]', '{"a":1}', '"GET"']) {
      const response = await request(path, { method: 'POST', body })
      expect([response.status, await response.json()]).toEqual([
        400,
        { error: expect.stringContaining('failed to parse') },
      ])
    }
  })

  it('refuses a request of more than 10 MB', async () => {
    const value = 'x'.repeat(10 * 1024 * 1024 - '["SET","key",""]'.length)
    expect((await post('/', ['SET', 'key', value])).status).toBe(200)
    const response = await post('/', ['SET', 'key', `${value}x`])
    expect(response.status).toBe(400)
    expect(await response.json()).toEqual({ error: expect.stringMatching(/^ERR max request size exceeded/) })
  })

  it('gives each answer a token to read its own writes by', async () => {
    const tokens = [await post('/', ['PING']), await post('/pipeline', [['PING']])].map(({ headers }) =>
      headers.get('upstash-sync-token'),
    )
    expect(new Set([...tokens, null]).size).toBe(3)
  })

  it('speaks RESP2 where that is wanted, but not in base64', async () => {
    const resp2 = { 'upstash-response-format': 'resp2' }
    const response = await post(
      '/pipeline',
      [['SET', 'key', 'ü'], ['GET', 'key'], ['GET'], ['MGET', 'key', 'none']],
      resp2,
    )
    expect(await response.text()).toBe(
      "+OK\r\n$2\r\nü\r\n-ERR wrong number of arguments for 'get' command\r\n*2\r\n$2\r\nü\r\n$-1\r\n",
    )
    expect((await post('/', ['PING'], { ...resp2, ...BASE64 })).status).toBe(400)
  })

  it.each([['BLPOP', 'list', 0], ['MULTI'], ['SELECT', 1], ['XREAD', 'BLOCK', 0, 'STREAMS', 's', '$']])(
    'refuses %s, which would hold up the other requests',
    async (...command) => {
      expect(await call('/', command)).toEqual({ error: `ERR Command is not available: '${command[0]}'` })
      expect((await post('/multi-exec', [command])).status).toBe(400)
    },
  )

  it('counts the commands, and the requests in which they came', async () => {
    const redis = client()
    await Promise.all([redis.get('a'), redis.get('b'), redis.hget('c', 'd')])
    expect(bridge().commands.requests()).toBe(1)
    expect(bridge().commands.count()).toBe(3)
    expect(bridge().commands.count('get')).toBe(2)
    expect(bridge().commands.log()).toEqual([
      ['GET', 'a'],
      ['GET', 'b'],
      ['HGET', 'c', 'd'],
    ])
    bridge().commands.reset()
    expect([bridge().commands.count(), bridge().commands.requests()]).toEqual([0, 0])
  })
})
