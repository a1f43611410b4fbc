import { createHash } from 'node:crypto'
import { type Command, type Reply, nameOf } from './resp.ts'

/**
 * Upstash knows a flag for scripts that Redis refuses, `allow-key-locking`. Redis is told such a script without the
 * line that sets it, and so under another digest; the client is to notice neither.
 */
export function createScripts() {
  const told = new Map<string, string>()

  function strip(script: Buffer): Buffer {
    const stripped = script.toString('latin1').replace(/^#!lua[^\n]*\ballow-key-locking\b[^\n]*/, '')
    if (stripped.length === script.length) return script
    const bytes = Buffer.from(stripped, 'latin1')
    told.set(sha1(script), sha1(bytes))
    return bytes
  }
  const digest = (known: Buffer) => Buffer.from(told.get(String(known).toLowerCase()) ?? known)

  return {
    /** The command as Redis is to have it. */
    translate(command: Command): Command {
      const [name, first, second, ...rest] = command
      if (!name || !first) return command
      if (EVAL.test(nameOf(command))) return command.with(1, strip(first))
      if (EVALSHA.test(nameOf(command))) return command.with(1, digest(first))
      if (nameOf(command) !== 'SCRIPT' || !second) return command
      if (/^load$/i.test(String(first))) return command.with(2, strip(second))
      if (/^exists$/i.test(String(first))) return [name, first, ...[second, ...rest].map(digest)]
      return command
    },

    /** Redis's reply as the client is to have it: it names the script by the digest that the client reckons. */
    restore([, first, script]: Command, reply: Reply): Reply {
      const loaded = script && /^load$/i.test(String(first)) && Buffer.isBuffer(reply)
      return loaded && told.get(sha1(script)) === String(reply) ? Buffer.from(sha1(script)) : reply
    },
  }
}

export const EVAL = /^EVAL(?:_RO)?$/
export const EVALSHA = /^EVALSHA(?:_RO)?$/

const sha1 = (bytes: Buffer) => createHash('sha1').update(bytes).digest('hex')
