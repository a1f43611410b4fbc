import type { Reading } from './reading.ts'

/** A named reason why a match must not be served, however near it is; or, as a doubt, why it is less likely to be right. */
export interface Objection {
  /** What operators see in `Cache-Status`, as in `detail=objection.number`. */
  readonly name: string
  /** True if an answer to `known` may be wrong for `asked`. Symmetric unless its file says why not. */
  objects(asked: Reading, known: Reading): boolean
}
