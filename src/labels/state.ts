import { atLeast } from '../matching/binomial.ts'

/**
 * How a namespace stands with its budget. `tightened`: too many served answers turned out wrong, and half the budget
 * holds; `exact-only`: that did not help either, and nothing is served by meaning.
 */
export type State = 'within' | 'tightened' | 'exact-only'

/** Served answers that were looked at in one hour, by the state in which they were served. */
export interface Hour {
  /** Hours since the epoch. */
  readonly hour: number
  readonly within: Turned
  readonly tightened: Turned
}

/** How answers turned out. */
export interface Turned {
  readonly right: number
  readonly wrong: number
}

/** So many hours back it is looked; whatever was before has had its time. */
export const LOOK_BACK = 72
/** As long as each step back takes: a day on exact matches only, and then a day, or enough good answers, tightened. */
const STEP = 24

/** The budget is broken if so many wrong ones or more would be rarer than this, were it kept; looked at over and over. */
const RARE = 0.02
/** Fewer wrong ones are an accident. */
const HANDFUL = 3
/** So many good answers under half the budget show that the bar is right again. */
const ENOUGH = 100

/**
 * Goes through the hours as if they passed again, so that every replica that knows the same sums comes to the same
 * state, whenever it began. What has been counted starts anew with each step.
 */
export function stateOf(hours: readonly Hour[], now: number, maxWrongHitRate: number): State {
  let stand: Stand = { state: 'within', since: -Infinity, right: 0, wrong: 0 }
  for (const { hour, ...served } of [...hours].sort((one, other) => one.hour - other.hour)) {
    if (hour <= now - LOOK_BACK || hour > now) continue
    stand = rested(stand, hour)
    if (stand.state === 'within') stand = within(plus(stand, served.within), hour)
    // What was served while tightened, in the very hour in which that began, counts as well.
    if (stand.state === 'tightened') stand = tightened(plus(stand, served.tightened), hour)
  }
  return rested(stand, now).state

  function within(stand: Stand, hour: number): Stand {
    return isBroken(stand) ? begun('tightened', hour) : stand
  }

  function tightened(stand: Stand, hour: number): Stand {
    if (isBroken(stand)) return begun('exact-only', hour)
    const all = stand.wrong + stand.right
    const isGood = all >= ENOUGH && stand.wrong / all <= maxWrongHitRate / 2
    return isGood ? begun('within', hour) : stand
  }

  function isBroken({ right, wrong }: Stand): boolean {
    return wrong >= HANDFUL && atLeast(wrong, wrong + right, maxWrongHitRate) <= RARE
  }
}

interface Stand {
  readonly state: State
  readonly since: number
  /** How answers turned out that were served since then. */
  readonly right: number
  readonly wrong: number
}

const begun = (state: State, since: number): Stand => ({ state, since, right: 0, wrong: 0 })

const plus = (stand: Stand, { right, wrong }: Turned): Stand => {
  return { ...stand, right: stand.right + right, wrong: stand.wrong + wrong }
}

/** What time alone makes of it: each step back takes a while. */
function rested(stand: Stand, now: number): Stand {
  const { state, since } = stand
  if (state === 'within' || now - since < STEP) return stand
  return rested(begun(state === 'exact-only' ? 'tightened' : 'within', since + STEP), now)
}
