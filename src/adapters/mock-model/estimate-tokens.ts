/** A token is about four bytes of UTF-8: near enough for a bill that nobody pays. */
export function estimateTokens(text: string): number {
  return Math.ceil(new TextEncoder().encode(text).length / 4)
}
