import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Bus } from '../../src/ports.ts'
import { type Patience, eventually } from './patience.ts'

/** A bus to be judged, as two replicas see it. */
export interface BusSubject {
  readonly ours: Bus
  readonly theirs: Bus
  /** How long a message may be on its way. */
  readonly patience: Patience
}

/** The laws of the port `Bus`. */
export function busContract({ name, create }: { name: string; create(): Promise<BusSubject> }): void {
  const open = async () => {
    const subject = await create()
    const topic = `t${randomUUID()}`
    const heard: string[] = []
    await eventually(
      async () => expect([subject.ours, subject.theirs].every((bus) => bus.connection() !== undefined)).toBe(true),
      subject.patience,
    )
    return { ...subject, topic, heard, hear: (message: string) => void heard.push(message) }
  }

  describe(`${name} keeps the laws of buses`, () => {
    it('publish reaches every replica, its own too', async () => {
      const { ours, theirs, topic, heard, hear, patience } = await open()
      ours.subscribe(topic, (message) => hear(`ours: ${message}`))
      theirs.subscribe(topic, (message) => hear(`theirs: ${message}`))
      await ours.publish(topic, 'news')
      await eventually(async () => expect(heard.toSorted()).toEqual(['ours: news', 'theirs: news']), patience)
    })

    it('messages of one replica come in order, and as they were sent', async () => {
      const { ours, theirs, topic, heard, hear, patience } = await open()
      const messages = ['a, b', '1', 'ünï ☕', '{"a":"b\\n"}', '']
      theirs.subscribe(topic, hear)
      for (const message of messages) await ours.publish(topic, message)
      await eventually(async () => expect(heard).toEqual(messages), patience)
    })

    it('who has ended a subscription hears nothing more', async () => {
      const { ours, topic, heard, hear, patience } = await open()
      const end = ours.subscribe(topic, hear)
      const others: string[] = []
      ours.subscribe(topic, (message) => others.push(message))
      end()
      await ours.publish(topic, 'news')
      await eventually(async () => expect(others).toEqual(['news']), patience)
      expect(heard).toEqual([])
    })

    it('topics do not mix', async () => {
      const { ours, topic, heard, hear, patience } = await open()
      const others: string[] = []
      ours.subscribe(topic, hear)
      ours.subscribe(`${topic}-2`, (message) => others.push(message))
      await ours.publish(`${topic}-2`, 'news')
      await eventually(async () => expect(others).toEqual(['news']), patience)
      expect(heard).toEqual([])
    })
  })
}
