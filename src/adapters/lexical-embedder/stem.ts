/** An English word without its plural or verb ending; meant to make `reset`, `resets` and `resetting` one, not to be a word. */
export function stem(word: string): string {
  const singular = withoutPlural(word)
  const root = withoutVerbEnding(singular)
  return root.length > 4 && root.endsWith('e') ? root.slice(0, -1) : root
}

function withoutPlural(word: string): string {
  if (word.length < 4) return word
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`
  if (word.endsWith('sses')) return word.slice(0, -2)
  return /[^sui]s$/.test(word) ? word.slice(0, -1) : word
}

function withoutVerbEnding(word: string): string {
  const root = word.replace(/(?<=[aeiouy].+)(?:ing|(?<!e)ed)$/, '')
  return root === word || root.length < 3 ? word : root.replace(/([^aeiouylsz])\1$/, '$1')
}
