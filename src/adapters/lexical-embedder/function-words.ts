/**
 * English words that hold a question together, and what is left of their weight. Negations are not among them, nor
 * words that are also something to ask about (`us`).
 */
export const functionWords: ReadonlyMap<string, number> = new Map([
  ...weighing(
    0.1,
    `a an the this that these those there i me my you your we our it its and or so just some any
    is are was were be been am do does did can could would should will shall may might please
    tell give show explain describe let know want need like of to in on at for by with as what which`,
  ),
  ...weighing(0.2, 'how have has had if from about into than then too also very really get got'),
  ...weighing(0.5, 'who whom whose where when why'),
])

function weighing(weight: number, words: string): [string, number][] {
  return words.split(/\s+/).map((word) => [word, weight])
}
