import type { createCommandLog } from './redis-bridge-commands.ts'
import type { createFaults } from './redis-bridge-faults.ts'
import { EVALSHA, createScripts } from './redis-bridge-scripts.ts'
import { type Command, type Failure, type Reply, type Status, connectRedis, isFailure, nameOf } from './resp.ts'

/** A Redis as Upstash lets one use it: without the commands that belong to a connection rather than to a request. */
export async function openDatabase(
  port: number,
  log: ReturnType<typeof createCommandLog>,
  faults: ReturnType<typeof createFaults>,
) {
  const redis = await connectRedis(port)
  const growing = await commandsThatGrow()
  const scripts = createScripts()

  async function commandsThatGrow(): Promise<ReadonlySet<string>> {
    const told = (await redis.send(words('COMMAND'))) as unknown as readonly CommandInfo[]
    const grow = told.filter(([, , flags]) => flags.some(({ status }) => status === 'denyoom'))
    return new Set([...SCRIPTS, ...grow.map(([name]) => String(name).toUpperCase())])
  }

  function refusal(command: Command): Failure | undefined {
    const name = nameOf(command)
    if (OF_A_CONNECTION.has(name) || blocks(command)) return { error: `ERR Command is not available: '${name}'` }
    if (faults.current().capacityQuota && growing.has(name)) return { error: 'ERR DB capacity quota exceeded' }
    return undefined
  }

  function translate(command: Command): Command {
    if (faults.current().noScript && EVALSHA.test(nameOf(command))) return command.with(1, UNKNOWN_SCRIPT)
    return scripts.translate(command)
  }

  return {
    /** An error of the command's is a reply; a rejection means that Redis is gone. */
    async run(command: Command): Promise<Reply> {
      log.command(command)
      return refusal(command) ?? scripts.restore(command, await redis.send(translate(command)))
    },

    /** All or, if one of them cannot even be taken in, none: then its error is the whole reply. */
    async transact(commands: readonly Command[]): Promise<readonly Reply[] | Failure> {
      commands.forEach(log.command)
      const refused = commands.map(refusal).find(isFailure)
      if (refused) return refused

      const own = await connectRedis(port)
      try {
        const sent = [words('MULTI'), ...commands.map(translate), words('EXEC')]
        const replies = await Promise.all(sent.map(own.send))
        const results = replies.pop()
        if (isFailure(results)) return replies.find(isFailure) ?? results
        return (results as readonly Reply[]).map((reply, at) => scripts.restore(commands[at]!, reply))
      } finally {
        own.close()
      }
    },

    close: () => redis.close(),
  }
}

const words = (...parts: string[]): Command => parts.map((part) => Buffer.from(part))

type CommandInfo = readonly [name: Buffer, arity: bigint, flags: readonly Status[]]

const SCRIPTS = ['EVAL', 'EVALSHA', 'FCALL']
const UNKNOWN_SCRIPT = Buffer.from('0'.repeat(40))

/** These would change, or hold up, the one connection that all requests share. */
const OF_A_CONNECTION: ReadonlySet<string> = new Set(
  [
    'AUTH HELLO SELECT QUIT RESET SHUTDOWN SYNC PSYNC REPLICAOF WAIT DEBUG',
    'MULTI EXEC DISCARD WATCH UNWATCH MONITOR',
    'SUBSCRIBE PSUBSCRIBE SSUBSCRIBE UNSUBSCRIBE PUNSUBSCRIBE SUNSUBSCRIBE',
    'BLPOP BRPOP BLMOVE BLMPOP BRPOPLPUSH BZPOPMIN BZPOPMAX BZMPOP',
  ].flatMap((names) => names.split(' ')),
)

const blocks = (command: Command) =>
  /^XREAD(?:GROUP)?$/.test(nameOf(command)) && command.some((part) => /^block$/i.test(String(part)))
