/** Makes the forms of a word alike ("converts", "converting", "converted"); crude, but the same for both questions. */
export function stem(word: string): string {
  const endings = word.length < 4 ? undefined : endingsBy.get(word.charAt(word.length - 1))
  if (!endings) return word
  for (const [ending, instead] of endings) {
    if (word.length < ending.length + 3 || !word.endsWith(ending)) continue
    if (ending === instead) return word
    const base = word.slice(0, word.length - ending.length) + instead
    return undoubled(base, ending).replace(/e$/, '')
  }
  return word
}

/** "running" leaves "runn", which is "run"; but "apps" leaves "app", which is "app". */
function undoubled(base: string, ending: string): string {
  const last = base.charAt(base.length - 1)
  const doubled = ending !== 's' && last === base.charAt(base.length - 2) && 'bgmnprt'.includes(last)
  return doubled ? base.slice(0, -1) : base
}

// By the last letter. The first that fits is taken; one that stays as it is keeps those after it from fitting.
const endingsBy = new Map<string, readonly (readonly [ending: string, instead: string])[]>([
  ['e', [['e', '']]],
  ['g', [['ing', '']]],
  [
    'd',
    [
      ['ied', 'y'],
      ['eed', 'eed'],
      ['ed', ''],
    ],
  ],
  [
    's',
    [
      ['ies', 'y'],
      ['sses', 'ss'],
      ['xes', 'x'],
      ['ches', 'ch'],
      ['shes', 'sh'],
      ['ss', 'ss'],
      ['us', 'us'],
      ['is', 'is'],
      ['s', ''],
    ],
  ],
])
