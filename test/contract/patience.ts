/** How long to wait for what was written to be seen: so many tries, with a pause between any two. */
export interface Patience {
  readonly tries: number
  pause(): Promise<void>
}

/** For adapters whose reads see their writes at once. */
export const impatient: Patience = { tries: 1, pause: async () => {} }

/** Repeats an expectation until it holds; the last failure is the one that is reported. */
export async function eventually(expectation: () => Promise<void>, { tries, pause }: Patience): Promise<void> {
  for (let left = tries - 1; left > 0; left--) {
    try {
      return await expectation()
    } catch {
      await pause()
    }
  }
  await expectation()
}
