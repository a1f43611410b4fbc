import type { Point } from './frontier.ts'

export interface Curve {
  readonly name: string
  readonly points: readonly Point[]
  /** How many hits could have been right. */
  readonly possible: number
}

/** A picture of how much is found at which price: recall of possible hits over the share of wrong ones among hits. */
export function picture(title: string, curves: readonly Curve[]): string {
  const x = (share: number) => LEFT + (Math.min(share, MOST_WRONG) / MOST_WRONG) * WIDTH
  const y = (share: number) => TOP + (1 - share) * HEIGHT
  const grid = [0, 0.05, 0.1, 0.15, 0.2].map((share) => tick(x(share), TOP + HEIGHT + 18, 'middle', share))
  const rows = [0, 0.25, 0.5, 0.75, 1].map(
    (share) => `${tick(LEFT - 8, y(share) + 4, 'end', share)}<path d="M${LEFT} ${y(share)}h${WIDTH}" stroke="#ddd"/>`,
  )
  const lines = curves.map(({ name, points, possible }, nth) => {
    const colour = COLOURS[nth % COLOURS.length]!
    const steps = envelope(points, possible).map(([wrong, recall]) => `${x(wrong).toFixed(1)} ${y(recall).toFixed(1)}`)
    const path =
      steps.length > 0 ? `<path d="M${steps.join('L')}" fill="none" stroke="${colour}" stroke-width="2"/>` : ''
    return `${path}<text x="${LEFT + WIDTH + 12}" y="${TOP + 16 + nth * 20}" fill="${colour}">${escape(name)}</text>`
  })
  const middle = `x="${LEFT + WIDTH / 2}" text-anchor="middle"`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="900" height="440" font-family="sans-serif" font-size="12">`,
    '<rect width="900" height="440" fill="#fff"/>',
    `<text ${middle} y="24" font-size="15">${escape(title)}</text>`,
    `<text ${middle} y="${TOP + HEIGHT + 40}">wrong hits among hits; up: right hits among possible ones</text>`,
    ...grid,
    ...rows,
    ...lines,
    '</svg>',
  ].join('\n')
}

const [LEFT, TOP, WIDTH, HEIGHT] = [60, 40, 560, 340]
const MOST_WRONG = 0.2
const COLOURS = ['#1b6ca8', '#d1495b', '#2e8b57', '#8e44ad', '#e67e22', '#555555', '#16a085', '#b7950b']

/** The most that is found at each price or less. */
function envelope(points: readonly Point[], possible: number): [wrong: number, recall: number][] {
  const byPrice = points
    .map(({ hits, wrong }): [number, number] => [wrong / hits, (hits - wrong) / possible])
    .filter(([wrong]) => wrong <= MOST_WRONG)
    .sort(([a], [b]) => a - b)
  const steps: [number, number][] = []
  for (const [wrong, recall] of byPrice) if (recall > (steps.at(-1)?.[1] ?? 0)) steps.push([wrong, recall])
  return steps
}

function tick(x: number, y: number, anchor: string, share: number): string {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}">${Math.round(share * 100)} %</text>`
}

const escape = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;')
