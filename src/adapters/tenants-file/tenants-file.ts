import { readFile } from 'node:fs/promises'
import type { z } from 'zod'
import { UnusableFile, readDocument } from './document.ts'

export interface TenantsFileOptions<T> {
  readonly path: string
  readonly schema: z.ZodType<T>
  /** Told of every new version, and of what is wrong with it: if anything is, the one before stays in force. */
  readonly onReload: (faults: readonly string[]) => void
  /** How often to look; a new version is in force when it has been seen twice. */
  readonly everyMs?: number
}

export interface TenantsFile<T> {
  /** What holds now. */
  readonly current: () => T
  /** Looks whether the file has changed, as happens by itself all the time. */
  look(): Promise<void>
  close(): void
}

/**
 * Follows a YAML or JSON file; rejects with an `UnusableFile` if it is none to begin with. It is read again and again
 * rather than watched: that works on every file system, and when the file is replaced by another of its name.
 */
export async function openTenantsFile<T>(options: TenantsFileOptions<T>): Promise<TenantsFile<T>> {
  const { path, schema, onReload, everyMs = 500 } = options
  let seen = await read()
  let judged = seen
  let current = valueOf(seen)
  let looking: Promise<void> | undefined

  const timer = setInterval(() => void look(), everyMs)
  timer.unref()
  return { current: () => current, look, close: () => clearInterval(timer) }

  function look(): Promise<void> {
    looking ??= compare().finally(() => {
      looking = undefined
    })
    return looking
  }

  async function compare(): Promise<void> {
    const found = await read()
    // Half a file is often a whole one with fewer tenants in it, so let whoever is writing finish.
    const isSettled = isSame(found, seen)
    seen = found
    if (!isSettled || isSame(found, judged)) return
    judged = found
    try {
      current = valueOf(found)
      onReload([])
    } catch (error) {
      if (!(error instanceof UnusableFile)) throw error
      onReload(error.faults)
    }
  }

  /** What cannot be read is a version like any other, and complained of as often: once. */
  async function read(): Promise<Version> {
    return readFile(path, 'utf8').then(
      (text) => ({ text }),
      (error: Error) => ({ fault: `${path} cannot be read: ${error.message}` }),
    )
  }

  function valueOf({ text, fault }: Version): T {
    if (text === undefined) throw new UnusableFile([fault!])
    return readDocument(text, path, schema)
  }
}

interface Version {
  readonly text?: string
  readonly fault?: string
}

const isSame = (one: Version, other: Version) => one.text === other.text && one.fault === other.fault
