/** A score, and whether it should have been high. */
export interface Scored {
  readonly score: number
  readonly right: boolean
}

/** The chance that what is right scores higher than what is not; half where they are equal. */
export function rocAuc(scored: readonly Scored[]): number {
  let [above, wins] = [0, 0]
  for (const { right, wrong } of descending(scored)) {
    wins += wrong * (above + right / 2)
    above += right
  }
  return wins / (above * (scored.length - above))
}

/** The area under precision over recall, by steps: the mean of the precision at each right one. */
export function prAuc(scored: readonly Scored[]): number {
  let [rights, seen, area] = [0, 0, 0]
  for (const { right, wrong } of descending(scored)) {
    rights += right
    seen += right + wrong
    area += (right * rights) / seen
  }
  return area / rights
}

/** How many are right and wrong at each score, highest first. */
export function* descending(scored: readonly Scored[]): Generator<{ score: number; right: number; wrong: number }> {
  const sorted = scored.toSorted((a, b) => b.score - a.score)
  for (let at = 0; at < sorted.length;) {
    const { score } = sorted[at]!
    let [right, seen] = [0, 0]
    for (; sorted[at]?.score === score; at++, seen++) if (sorted[at]!.right) right++
    yield { score, right, wrong: seen - right }
  }
}

/** Where a share probably lies of which `count` of `total` were seen: Wilson's interval of 95 %. */
export function wilson(count: number, total: number): readonly [low: number, high: number] {
  if (total === 0) return [0, 1]
  const share = count / total
  const weight = 1 + Z ** 2 / total
  const centre = (share + Z ** 2 / (2 * total)) / weight
  const half = (Z / weight) * Math.sqrt((share * (1 - share)) / total + Z ** 2 / (4 * total ** 2))
  return [Math.max(0, centre - half), Math.min(1, centre + half)]
}

const Z = 1.959964
