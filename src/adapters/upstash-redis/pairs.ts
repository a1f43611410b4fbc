import { z } from 'zod'

/** A reply that lists names, each followed by what it stands for: the whole of a hash, or a page of one. */
export const pairs = z
  .array(z.string())
  .transform((list) => list.flatMap((name, at): [string, string][] => (at % 2 === 0 ? [[name, list[at + 1]!]] : [])))
