import type { Objection } from '../objection.ts'
import { antonym, antonymDoubt } from './antonym.ts'
import { code } from './code.ts'
import { degree, degreeDoubt } from './degree.ts'
import { direction, directionDoubt } from './direction.ts'
import { entity, entityDoubt } from './entity.ts'
import { format, formatDoubt } from './format.ts'
import { language } from './language.ts'
import { negation, negationDoubt } from './negation.ts'
import { order } from './order.ts'
import { number, numberDoubt } from './number.ts'
import { question, questionDoubt } from './question.ts'
import { quoted, quotedDoubt } from './quoted.ts'
import { remainder } from './remainder.ts'
import { scope, scopeDoubt } from './scope.ts'
import { sibling, siblingDoubt } from './sibling.ts'
import { slot, slotDoubt } from './slot.ts'
import { time, timeDoubt } from './time.ts'
import { unit, unitDoubt } from './unit.ts'

/**
 * Why a match must not be served, whatever else speaks for it. Where several object, the first is named.
 *
 * Each file says what it is worth, as `node bench/quality/objections.ts --data <folder>` measured it on the development
 * halves of six sets of labelled pairs (Quora questions, medical, word-swapped, search terms, voice commands, flights) and
 * on a stream of Quora questions without planted look-alikes, where each prompt meets the nearest before it. "In-sample"
 * says that errors on these very halves were read to repair the rule, so that it is worth somewhat less elsewhere.
 */
export const objections: readonly Objection[] = [
  negation,
  unit,
  number,
  time,
  question,
  degree,
  scope,
  format,
  remainder,
  language,
  direction,
  order,
  quoted,
  code,
  antonym,
  sibling,
  slot,
  entity,
]

/** What makes a match less likely to be right, for a scorer to weigh; in the same order. */
export const doubts: readonly Objection[] = [
  negationDoubt,
  unitDoubt,
  numberDoubt,
  timeDoubt,
  questionDoubt,
  degreeDoubt,
  scopeDoubt,
  formatDoubt,
  directionDoubt,
  quotedDoubt,
  antonymDoubt,
  siblingDoubt,
  slotDoubt,
  entityDoubt,
]
