/** Ways in which two texts can differ, each found by a few characters and not by the objections that are measured. */
export const slices: Readonly<Record<string, (a: string, b: string, language: string) => boolean>> = {
  number: (a, b) => differ(a, b, /\p{N}+/gu),
  negation: (a, b) => differ(a, b, /\b(?:not|no|never|without|cannot)\b|n['’]?t\b/giu),
  entity: (a, b) => differ(a, b, /(?<!^|[.?!"] )\b(?!I\b)\p{Lu}[\p{L}\p{N}]*/gu),
  direction: (a, b) => a !== b && sorted(a) === sorted(b) && inOrder(a) !== inOrder(b),
  language: (_a, _b, language) => language !== 'en',
}

function differ(a: string, b: string, pattern: RegExp): boolean {
  const found = (text: string) =>
    (text.match(pattern) ?? [])
      .map((part) => part.toLowerCase())
      .sort()
      .join(' ')
  return found(a) !== found(b)
}

const words = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
const inOrder = (text: string): string => words(text).join(' ')
const sorted = (text: string): string => words(text).sort().join(' ')
