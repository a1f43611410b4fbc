import { type Scored, descending } from './metrics.ts'

/** What comes of serving everything that scores at least `threshold`. */
export interface Point {
  readonly threshold: number
  readonly hits: number
  readonly wrong: number
}

/** One point for each threshold that makes a difference, the strictest first; a score of minus infinity is never served. */
export function frontier(scored: readonly Scored[]): Point[] {
  const points: Point[] = []
  let [hits, wrongs] = [0, 0]
  for (const { score, right, wrong } of descending(scored)) {
    if (score === -Infinity) break
    hits += right + wrong
    wrongs += wrong
    points.push({ threshold: score, hits, wrong: wrongs })
  }
  return points
}

/** The point with the most right hits of those with no more than a share of wrong ones among their hits. */
export function mostWithin(points: readonly Point[], share: number): Point {
  let best: Point = { threshold: Infinity, hits: 0, wrong: 0 }
  for (const point of points) {
    const allowed = point.wrong <= share * point.hits
    if (allowed && point.hits - point.wrong > best.hits - best.wrong) best = point
  }
  return best
}
