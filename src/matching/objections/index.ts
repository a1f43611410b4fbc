import type { Objection } from '../objection.ts'
import { antonym } from './antonym.ts'
import { direction } from './direction.ts'
import { entity } from './entity.ts'
import { language } from './language.ts'
import { negation } from './negation.ts'
import { number } from './number.ts'
import { quoted } from './quoted.ts'
import { unit } from './unit.ts'

/** In order of cost, the cheapest first. */
export const objections: readonly Objection[] = [negation, unit, number, language, direction, quoted, antonym, entity]
