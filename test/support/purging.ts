import { expect } from 'vitest'
import type { Send } from './model.ts'
import { type WorldOptions, world } from './world.ts'

export const TAGGED = { 'reprise-tags': 'prices' }

/** A world in which all that is asked is tagged, and the tag can be purged. */
export function purging(options: WorldOptions) {
  const it = world(options)
  return {
    ...it,
    ask: (question: string, headers: object = {}) => it.ask(question, { ...TAGGED, ...headers }),
    hear: (question: string) => it.hear(question, TAGGED),
    async purge() {
      expect((await it.post('/cache/purge', { tag: 'prices' })).status).toBe(200)
    },
  }
}

/** Holds up whatever passes, from when it is closed until it is opened. */
export function gate() {
  let opened = Promise.resolve()
  let open = () => {}
  return {
    close() {
      const { promise, resolve } = Promise.withResolvers<void>()
      opened = promise
      open = resolve
    },
    open: () => open(),
    pass: () => opened,
  }
}

/** A model that has made up its mind before the gate, and says so behind it. */
export const slow = (send: Send, { pass }: ReturnType<typeof gate>): Send => {
  return async (...request) => {
    const response = await send(...request)
    await pass()
    return response
  }
}
