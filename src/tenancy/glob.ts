/**
 * Compiles a pattern in which `*` stands for anything, nothing included. Never goes back on what it has matched: the
 * first place where a part fits is as good as any later one, so that no name a caller thinks up takes long.
 */
export function glob(pattern: string): (text: string) => boolean {
  const [first = '', ...rest] = pattern.split('*')
  const last = rest.pop()
  if (last === undefined) return (text) => text === pattern
  return (text) => {
    if (!text.startsWith(first)) return false
    let at = first.length
    for (const part of rest) {
      const found = text.indexOf(part, at)
      if (found === -1) return false
      at = found + part.length
    }
    return text.length - last.length >= at && text.endsWith(last)
  }
}
