import type { Report } from './report.ts'

type Cell = string | number | null

/**
 * The rows of a report as RFC 4180 has it, with a header. A column is called as its place in the JSON:
 * `misses.by_reason.nothing-near`. What is unknown is empty.
 */
export function csvOf({ by, total, rows }: Report): string {
  // Whatever a row has, the total has as well.
  const columns = ['start', ...by, ...flat(total).keys()]
  const lines = rows.map((row) => {
    const cells = flat(row)
    // A row lacks what there was none of.
    return columns.map((column) => (cells.has(column) ? cells.get(column)! : 0))
  })
  return [columns, ...lines].map((cells) => `${cells.map(text).join(',')}\r\n`).join('')
}

function flat(value: object, prefix = ''): Map<string, Cell> {
  const cells = new Map<string, Cell>()
  for (const [name, inner] of Object.entries(value) as [string, Cell | object][]) {
    if (typeof inner !== 'object' || inner === null) cells.set(prefix + name, inner)
    else for (const [path, cell] of flat(inner, `${prefix}${name}.`)) cells.set(path, cell)
  }
  return cells
}

function text(cell: Cell): string {
  if (typeof cell !== 'string') return String(cell ?? '')
  // Callers choose names; a spreadsheet must not take one for a formula.
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
