/** Pairs of questions that show what an objection is for; its test runs through them in both orders. */
export interface Examples {
  readonly objected: readonly (readonly [string, string])[]
  readonly accepted: readonly (readonly [string, string])[]
}
