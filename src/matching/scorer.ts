import { z } from 'zod'
import type { Match } from '../ports.ts'
import { BINS } from './bins.ts'
import { FEATURES, createFeatures, withinReach } from './features.ts'
import type { Reading } from './reading.ts'
import type { WordVector } from './terms.ts'

/** One of the matches of a question, read. */
export interface Candidate {
  readonly match: Match
  /** Absent if it cannot be read, or is too far away to be. */
  readonly known: Reading | undefined
}

/** The entry whose answer a match would be. */
export const answering = ({ aliasOf, key }: Match): string => (aliasOf ?? key).id

/** What a match is weighed by: numbers of about the same size, the first of which is 1. */
export type Features = Float64Array

/** Says how likely it is that the answer to a match serves a question: one for each vector space. */
export interface Scorer {
  /** Changes with the features, and with what they are measured in: what was learned about others holds no more. */
  readonly name: string
  /** True if scores are the logits of a probability that was measured; otherwise they only put matches in an order. */
  readonly calibrated: boolean
  /** How many of matches, nearest first, are worth a look; the others are only rivals. */
  worth(matches: readonly Match[]): number
  /** The features of candidates, nearest first, as far as they are worth a look; each may depend on all the others. */
  describe(asked: Reading, candidates: readonly Candidate[]): Features[]
  /** What each feature weighs while nothing has been learned. A score is the sum of the features times their weights. */
  readonly weights: Float64Array
  /** How firmly each of the weights is believed in: the inverse of its variance. */
  readonly firmness: Float64Array
}

/** The probability that a score stands for. */
export const probabilityOf = (score: number): number => 1 / (1 + Math.exp(-score))

export function scoreOf(features: Features, weights: Float64Array): number {
  let score = 0
  for (let at = 0; at < features.length; at++) score += features[at]! * weights[at]!
  return score
}

/** The score from which matches are served where nothing has been learned yet, by a scorer that is not calibrated. */
export const FIRST_BAR = Math.log(0.98 / 0.02)

/**
 * For a space of which nobody has measured what its cosines mean: the embedder's own threshold is the bar at first, and
 * labels move it.
 */
export function cosineScorer(threshold: number): Scorer {
  return {
    name: 'cosine',
    calibrated: false,
    worth: ({ length }) => length,
    describe: (_, candidates) =>
      candidates.map(({ match }) => Float64Array.of(1, STEEPNESS * (match.similarity - threshold))),
    weights: Float64Array.of(FIRST_BAR, 1),
    // For good: what labels say of it is in the bar.
    firmness: Float64Array.of(Infinity, Infinity),
  }
}

const STEEPNESS = 20

const Counts = z.array(z.number().nonnegative()).length(BINS)

/** What training leaves: for each feature its mean, its standard deviation and its weight, and how often it was right. */
export const Trained = z.strictObject({
  /** The vector space whose matches it was trained on. */
  space: z.string(),
  /** A digest of all the rest. */
  name: z.string(),
  bias: z.number(),
  features: z.array(
    z.strictObject({ name: z.string(), mean: z.number(), deviation: z.number().positive(), weight: z.number() }),
  ),
  /** How often the likeliest match of a question was right there, by the bin of its score. */
  evidence: z.strictObject({ right: Counts, wrong: Counts, judged: Counts }),
})
export type Trained = z.infer<typeof Trained>

/** A logistic regression over the features of a match, with the vectors of the space that it was trained for. */
export function trainedScorer({ name, bias, features }: Trained, vectorOf: WordVector): Scorer {
  const names = FEATURES.map(([name]) => name)
  if (features.length !== names.length || features.some(({ name }, at) => name !== names[at])) {
    throw new Error(`The scorer was trained on other features than there are: ${names.join(', ')}.`)
  }
  const describe = createFeatures(vectorOf)
  return {
    name,
    calibrated: true,
    worth: (matches) => withinReach(matches, FLOOR),
    describe(asked, candidates) {
      const near = candidates.map(({ match, known }) => ({
        similarity: match.similarity,
        known,
        answer: match.says ?? answering(match),
      }))
      return describe(asked, near, withinReach(near, FLOOR)).map((described) => {
        const scaled = new Float64Array(features.length + 1)
        scaled[0] = 1
        for (const [at, { mean, deviation }] of features.entries()) scaled[at + 1] = (described[at]! - mean) / deviation
        return scaled
      })
    },
    weights: Float64Array.of(bias, ...features.map(({ weight }) => weight)),
    firmness: Float64Array.of(BIAS_FIRMNESS, ...features.map(() => FIRMNESS)),
  }
}

/** Of matches that are less near hardly any is right, and none so likely that it would be served. */
export const FLOOR = 0.72

/** As if the weights had been found on so many labels that were in doubt; the bias varies more from one use to another. */
const FIRMNESS = 1_000
const BIAS_FIRMNESS = 5
