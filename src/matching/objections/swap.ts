import { list, type Reading } from '../reading.ts'
import { alike } from './likeness.ts'
import { content, isGrammar, stems } from './meaning.ts'
import { isTerse } from './terse.ts'

/** From where to where a question has been turned round. */
export interface Swap {
  readonly from: number
  readonly to: number
}

/**
 * Two runs of words that have changed places around others, where that makes a difference: all other words, the small
 * ones included, have stayed; or all those of meaning, and the runs are short.
 */
export function swapOf(asked: Reading, known: Reading): Swap | undefined {
  const [ours, theirs] = [stems(asked), stems(known)]
  if (content(asked).length < 3) return undefined
  const swap = ours.length === theirs.length ? turned(ours, theirs) : undefined
  if (!swap) return loosely(asked, known)
  const { from, to, head, tail } = swap
  const between = { from: from + head, to: to - tail }
  // Search terms in another order: "docker compose tips", "tips docker compose".
  if (isTerse(asked) && asked.words.slice(between.from, between.to).every(({ text }) => !isGrammar(text)))
    return undefined
  const runs = [...asked.words.slice(from, between.from), ...asked.words.slice(between.to, to)]
  if (runs.every(({ text }) => isGrammar(text) || text.length === 1)) return undefined
  if (head === 1 && tail === 1 && alike(ours[from]!, ours[to - 1]!)) return undefined
  const listed = isList(asked, between, from, to) || isList(known, { from: from + tail, to: to - head }, from, to)
  return listed ? undefined : { from, to }
}

/** A swap of one or two words of meaning around some others, and nothing that could set them side by side. */
function loosely(asked: Reading, known: Reading): Swap | undefined {
  const [ours, theirs] = [content(asked), content(known)]
  if (ours.length !== theirs.length || ours.length < 5 || isTerse(asked)) return undefined
  const swap = turned(ours, theirs)
  if (!swap || swap.head > 2 || swap.tail > 2 || alike(ours[swap.from]!, ours[swap.to - 1]!)) return undefined
  const places = [asked, known].map((reading) => {
    const open = reading.words.flatMap(({ text }, at) => (isGrammar(text) ? [] : [at]))
    const [from, to] = [open[swap.from]!, open[swap.to - 1]! + 1]
    const inside = reading.words.slice(from, to)
    const listed =
      inside.some(({ text }) => joining.has(text)) ||
      /[,;/&]/.test(reading.text.slice(inside[0]!.at, inside.at(-1)!.at))
    return { from, to, listed }
  })
  return places.some(({ listed }) => listed) ? undefined : places[0]
}

interface Turn extends Swap {
  /** How many words the first run has, and the last. */
  readonly head: number
  readonly tail: number
}

function turned(ours: readonly string[], theirs: readonly string[]): Turn | undefined {
  let [from, to] = [0, ours.length]
  while (from < to && ours[from] === theirs[from]) from++
  while (to > from && ours[to - 1] === theirs[to - 1]) to--
  if (to - from < 3 || to - from > enough) return undefined
  const swap = swapped(ours.slice(from, to), theirs.slice(from, to))
  return swap && { from, to, head: swap[0], tail: swap[1] }
}

/** The lengths of the runs at both ends that make one of the other when they change places around something. */
function swapped(ours: readonly string[], theirs: readonly string[]): [head: number, tail: number] | undefined {
  const length = ours.length
  const equal = (one: number, other: number, count: number) => {
    for (let at = 0; at < count; at++) if (ours[one + at] !== theirs[other + at]) return false
    return true
  }
  for (let tail = 1; tail < length - 1; tail++) {
    if (!equal(length - tail, 0, tail)) continue
    for (let head = 1; head < length - tail; head++) {
      if (equal(0, length - head, head) && equal(head, tail, length - head - tail)) return [head, tail]
    }
  }
  return undefined
}

/**
 * True if what lies between two runs sets them side by side, so that their order says nothing: "Alice and Bob", "red
 * meat or white meat", "own, lease or rent"; but not "to Alice, and copy Bob", where each has a part of their own.
 */
function isList({ text, words }: Reading, between: Swap, from: number, to: number): boolean {
  const middle = words.slice(between.from, between.to).map(({ text }) => text)
  const signs = (at: number) => /[,;/&?]/.test(text.slice(words[at - 1]?.at, words[at]?.at))
  const [opens, closes] = [signs(between.from), signs(between.to)]
  if (opens && (closes || joining.has(middle.at(-1) ?? '')) && middle.length <= 3) return true
  return middle.some((joint, at) => {
    if (!joining.has(joint)) return false
    const [before, after] = [middle.slice(0, at), middle.slice(at + 1)]
    return (
      before.every((word, nth) => light.has(word) || word === words[to + nth]?.text) &&
      after.every((word, nth) => light.has(word) || word === words[from - after.length + nth]?.text)
    )
  })
}

const joining = new Set(list('and or vs versus nor'))
const light = new Set(list('a an the my your maybe perhaps also even just more less most'))

/** Words that a swap may span; finding it takes more than linear time. */
const enough = 64
