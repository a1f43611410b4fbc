import { list } from '../reading.ts'
import { stem } from './meaning.ts'

/** True of stems on two sides of an opposition: "enabl" and "disabl". */
export function excludes(one: string, other: string): boolean {
  const others = poles.get(other)
  if (others === undefined) return false
  return (
    poles.get(one)?.some(({ pair, side }) => others.some((pole) => pole.pair === pair && pole.side !== side)) ?? false
  )
}

// From general knowledge of English. Whatever stands on two sides of a bar excludes the other.
const oppositions = `
  enable activate on | disable deactivate off; login signin | logout signout; open | close shut;
  start begin launch | stop end quit finish;
  increase raise grow maximize gain | decrease reduce lower shrink minimize lose;
  add insert create install | remove delete uninstall erase; buy purchase | sell; before | after;
  min minimum | max maximum; import | export; upload | download; encode encrypt | decode decrypt; push | pull;
  send | receive; lend | borrow; accept allow approve grant | reject deny block decline revoke forbid; show | hide;
  join | leave quit; arrive arrival | depart departure; deposit | withdraw withdrawal; pass | fail; win | lose;
  love like | hate; most | least; more | less fewer; best | worst; better | worse; high | low; higher | lower;
  highest | lowest; above over | below under; up | down; left | right;
  old older oldest | new newer newest young younger youngest;
  big large bigger larger biggest largest | small smaller smallest little;
  long longer longest | short shorter shortest; fast faster fastest quick | slow slower slowest;
  cheap cheaper cheapest | expensive; hot | cold; early earlier earliest | late later latest;
  north northern | south southern | east eastern | west western; male man men boy guy | female woman women girl;
  father dad husband | mother mom wife; son brother | daughter sister;
  pro advantage benefit | con disadvantage drawback; true | false; positive | negative; public | private;
  input | output; internal inner | external outer; manual | automatic; past | future; yesterday | today | tomorrow;
  morning | afternoon | evening | night; rich | poor; strong | weak; alive | dead; theist | atheist; legal | illegal;
  possible | impossible; ascending | descending; light bright | dark; solo alone | group together; dry | wet;
  full | empty; thick | thin; deep | shallow; wide | narrow; heavy | light; easy | hard difficult; strict | loose;
  soft | hard; safe | dangerous unsafe; guilty | innocent; formal | informal; vertical | horizontal; major | minor;
  sender | recipient receiver; seller | buyer; employer | employee; landlord | tenant; teacher | student;
  parent | child; host | guest; client | server; frontend | backend; local | remote global; permanent | temporary;
  domestic | international; indoor | outdoor; online | offline; single | married; pregnant | infertile;
  vegan vegetarian | meat; asleep sleep | awake wake; remember | forget; admit | deny; attack | defend;
  praise | blame criticize; laugh | cry; save | spend waste; compress zip | decompress unzip; mount | unmount;
  follow | unfollow; mute | unmute; subscribe | unsubscribe; pause | resume; expand | collapse; inhale | exhale;
  include with | exclude without; attract | repel; freeze | melt; heat | cool; beginner novice | expert advanced;
  ancestor | descendant; hero | villain; peace | war; victory | defeat; profit | loss; supply | demand;
  asset | liability; debit | credit`

const poles = new Map<string, { readonly pair: number; readonly side: number }[]>()
for (const [pair, line] of oppositions.split(';').entries()) {
  for (const [side, words] of line.split('|').entries()) {
    for (const word of list(words).map(stem)) poles.set(word, [...(poles.get(word) ?? []), { pair, side }])
  }
}
