import type { Vector } from '../../ports.ts'
import type { Layers } from './layers.ts'
import { type Rows, SCALE } from './rows.ts'
import { addDirection, addLines, addRows } from './sums.ts'

/** Makes one vector of many tokens. */
export interface Encoder {
  readonly dimensions: number
  /** What a token means by itself. A word that is no token has a direction of its own, drawn by its number below zero. */
  row(id: number): Vector
  /** What a text means; its length means nothing. */
  encode(ids: Int32Array): Vector
}

/**
 * The weighted mean of what the words mean, and what a small network makes of every three words in a row and of all words
 * together. The first layer of that network costs no multiplication: it is in the tokens' rows.
 *
 * The last coordinate is none of a word's: all texts have it, and it is as long as words of these weights would be that
 * have nothing to do with one another (as the root of their number), times `shared`. For the cosine of two texts is lower
 * the more directions their words pull in, so that without it two accounts of one case are farther apart than they mean.
 */
export function encoder(rows: Rows, layers: Layers, shared: number): Encoder {
  const { values, scales, width, at } = rows
  const { start, end, bagBias, contextBias } = layers
  const [window, bag, context] = [start.length, bagBias.length, contextBias.length]
  const dimensions = at.before
  // Kept from text to text, and of 64 bits, for to make those of 32 takes longer than to multiply: what windows say and
  // what the bag says, then what is to be added of each row of `output`.
  const hidden = new Float64Array(Math.ceil((window + bag) / 4) * 4)
  const lines = linesOf(layers, hidden.length, dimensions)
  const [heard, said] = [hidden.subarray(0, window), hidden.subarray(window, window + bag)]
  const topic = new Float64Array(context)
  const vector = new Float64Array(dimensions)
  const usualNorm = meanNorm()

  function encode(ids: Int32Array): Vector {
    const known = ids.filter((id) => id >= 0)
    const share = 1 / Math.max(1, known.length)
    topic.set(contextBias)
    addRows(topic, values, at.says, width, known, scalesOf(known, SCALE.context, share))
    said.set(bagBias)
    addRows(said, values, at.bag, width, known, scalesOf(known, SCALE.bag, share))
    for (let unit = 0; unit < bag; unit++) said[unit] = Math.max(0, said[unit]!)
    heard.fill(0)
    const weights = scalesOf(known, SCALE.own, share)
    let weighed = 0
    for (let place = 0; place < known.length; place++) {
      const weight = weightOf(hear(known, place) + relevance(known[place]!))
      weighed += weight
      weights[place]! *= weight
    }

    vector.fill(0)
    addRows(vector, values, at.own, width, known, weights)
    for (let unit = 0; unit < window; unit++) heard[unit]! *= share / 2
    addLines(vector, lines, hidden)
    for (const id of ids) if (id < 0) addDirection(vector, ~id, usualNorm * share)
    vector[dimensions - 1] = shared * share * Math.sqrt(weighed)
    return Float32Array.from(vector)
  }

  function scalesOf(ids: Int32Array, kind: number, share: number): Float64Array {
    const chosen = new Float64Array(ids.length)
    for (let place = 0; place < ids.length; place++) chosen[place] = scales[ids[place]! * SCALE.count + kind]! * share
    return chosen
  }

  function relevance(id: number): number {
    let sum = 0
    for (let unit = 0, from = id * width + at.hears; unit < context; unit++) sum += topic[unit]! * values[from + unit]!
    return sum * scales[id * SCALE.count + SCALE.context]!
  }

  // Those of the first word, of the last, of one between others and of one alone, so that no word needs to ask.
  const between = Float64Array.from(layers.windowBias)
  const [first, last] = [sumOf(between, start), sumOf(between, end)]
  const alone = sumOf(first, end)
  const attention = Float64Array.from(layers.attention)

  /** Adds what a word and its neighbours say, and tells how much the word weighs for it. */
  function hear(ids: Int32Array, place: number): number {
    const [isFirst, isLast] = [place === 0, place === ids.length - 1]
    // At an edge the scale is 0, and whatever row is read says nothing.
    const [id, before, after] = [ids[place]!, ids[isFirst ? place : place - 1]!, ids[isLast ? place : place + 1]!]
    const scaleBefore = isFirst ? 0 : scales[before * SCALE.count + SCALE.window]!
    const scaleAfter = isLast ? 0 : scales[after * SCALE.count + SCALE.window]!
    const scale = scales[id * SCALE.count + SCALE.window]!
    const bias = isFirst ? (isLast ? alone : first) : isLast ? last : between
    const [left, own, right] = [before * width + at.before, id * width + at.itself, after * width + at.after]
    let weight = 0
    for (let unit = 0; unit < window; unit++) {
      const sum =
        scaleBefore * values[left + unit]! +
        scale * values[own + unit]! +
        scaleAfter * values[right + unit]! +
        bias[unit]!
      // Twice what is above zero. By `if` or `max` it takes three times as long, for their branches cannot be foretold.
      const above = sum + Math.abs(sum)
      heard[unit]! += above
      weight += above * attention[unit]!
    }
    return weight / 2
  }

  function row(id: number): Vector {
    vector.fill(0)
    if (id < 0) addDirection(vector, ~id, usualNorm)
    else addRows(vector, values, at.own, width, Int32Array.of(id), scalesOf(Int32Array.of(id), SCALE.own, 1))
    return Float32Array.from(vector)
  }

  function meanNorm(): number {
    let norms = 0
    for (let id = 0; id * width < values.length; id += SAMPLED) norms += Math.hypot(...row(id))
    return norms / Math.ceil(values.length / width / SAMPLED)
  }

  return { dimensions, row, encode }
}

const weightOf = (sum: number): number => Math.exp(Math.max(-3, Math.min(3, sum)))

function linesOf({ output, outputScales }: Layers, count: number, dimensions: number): Float64Array {
  const lines = new Float64Array(count * dimensions)
  for (let at = 0; at < output.length; at++) lines[at] = output[at]! * outputScales[Math.trunc(at / dimensions)]!
  return lines
}

const sumOf = (one: Float64Array, other: Float32Array): Float64Array => one.map((value, at) => value + other[at]!)

// All of them would be a fifth of the time that a model takes to load.
const SAMPLED = 32
