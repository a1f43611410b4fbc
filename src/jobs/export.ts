import type { Entry, Store } from '../ports.ts'
import { endMark, placeMark, portableOf } from './portable.ts'

const PAGE = 100

/**
 * A tenant's entries as lines, a page at a time, each with a mark: whoever names it as `after` goes on from there. The
 * last line says that this is all.
 */
export async function* exported(
  store: Pick<Store, 'page'>,
  tenant: string,
  isWanted: (entry: Entry) => boolean,
  after?: string,
): AsyncGenerator<string> {
  let cursor = after
  do {
    const page = await store.page(tenant, PAGE, cursor)
    cursor = page.cursor
    const lines = page.entries.filter(isWanted).map(portableOf)
    yield [...lines, cursor === undefined ? endMark : placeMark(cursor), ''].join('\n')
  } while (cursor !== undefined)
}
