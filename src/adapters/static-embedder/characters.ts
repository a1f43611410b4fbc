/** What a BERT-style tokenizer makes of a character. */
export const KIND = {
  letter: 1,
  space: 2,
  /** A word by itself: punctuation, and every ideograph. */
  alone: 3,
  /** Left out: control characters and, where accents are stripped, what hangs on a letter. */
  nothing: 4,
} as const

/** Kinds of code points, each found out when it is first met. */
export function characterKinds(stripAccents: boolean): (code: number) => number {
  const kinds = new Uint8Array(0x110000)
  return (code) => (kinds[code] ||= kindOf(code, stripAccents))
}

function kindOf(code: number, stripAccents: boolean): number {
  const character = String.fromCodePoint(code)
  if (/^[\s\p{Z}]$/u.test(character)) return KIND.space
  if (/^[\p{C}\ufffd]$/u.test(character)) return KIND.nothing
  if (stripAccents && /^\p{Mn}$/u.test(character)) return KIND.nothing
  return punctuation.test(character) || isIdeograph(code) ? KIND.alone : KIND.letter
}

// Of the symbols only those of ASCII: so BERT has it.
const punctuation = /^[\p{P}$+<=>^`|~]$/u

const isIdeograph = (code: number): boolean => ideographs.some(([first, last]) => code >= first && code <= last)

// As BERT draws the line, which knows neither kana nor later extensions.
const ideographs: readonly (readonly [first: number, last: number])[] = [
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xf900, 0xfaff],
  [0x20000, 0x2a6df],
  [0x2a700, 0x2ceaf],
  [0x2f800, 0x2fa1f],
]
