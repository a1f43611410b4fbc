import { type Command, nameOf } from './resp.ts'

/** What has been asked of a bridge; Upstash bills by the command, and a round trip is what a caller waits for. */
export interface CommandLog {
  /** All commands, or those of this name; one that failed counts as well. */
  count(name?: string): number
  /** Each command as text, in the order in which they came. */
  log(): readonly (readonly string[])[]
  /** HTTP requests, whatever became of them. */
  requests(): number
  reset(): void
}

export function createCommandLog() {
  let requests = 0
  let commands: (readonly [name: string, ...args: string[]])[] = []

  return {
    request: () => void requests++,
    command: (command: Command) => void commands.push([nameOf(command), ...command.slice(1).map(String)]),

    count: (name) =>
      name === undefined ? commands.length : commands.filter(([known]) => known === name.toUpperCase()).length,
    log: () => commands,
    requests: () => requests,
    reset() {
      requests = 0
      commands = []
    },
  } satisfies CommandLog & Record<string, unknown>
}
