import { z } from 'zod'
import type { News } from '../../ports.ts'
import { json } from './record.ts'

/** The one channel for all topics, so that a replica needs one connection however many topics it hears. */
export const channelOf = (prefix: string): string => `${prefix}:bus`

/** News as they travel: on one line, for the stream that brings them is read by the line. */
export const textOf = ({ topic, message }: News): string => JSON.stringify([topic, message])

/** `undefined` for what is not ours. */
export const newsOf = (text: string): News | undefined => news.safeParse(text).data

const news = json.pipe(z.tuple([z.string(), z.string()])).transform(([topic, message]): News => ({ topic, message }))
