import { expect, it } from 'vitest'
import type { Entry, Store } from '../../src/ports.ts'
import { hex } from './samples.ts'
import type { OpenStore } from './store-subject.ts'

/** The laws of the port `Store` that have to do with reading one tenant's entries a page at a time. */
export function pageLaws(open: () => Promise<OpenStore>): void {
  /** A store with so many entries of one tenant. */
  const filled = async (count: number) => {
    const opened = await open()
    const { store, entry, keyed } = opened
    const nth = (at: number, parts: Partial<Entry> = {}) => entry({ key: keyed({ digest: hex(`${at}`) }), ...parts })
    const put = Array.from({ length: count }, (_, at) => nth(at))
    await Promise.all(put.map((each) => store.put(each)))
    return { ...opened, tenant: keyed().tenant, nth, put }
  }

  it('page lists every field as it was put', async () => {
    const { store, entry, keyed } = await open()
    const put = entry({ tags: ['a', 'b'], vector: new Float32Array([0.6, -0.8]), space: 'plane@1', epoch: 42 })
    await store.put(put)
    expect(await store.page(keyed().tenant, 10)).toEqual({ entries: [put] })
  })

  it('page lists nothing for a tenant that has nothing', async () => {
    const { store, keyed } = await open()
    expect(await store.page(keyed().tenant, 10)).toEqual({ entries: [] })
  })

  it.each([1, 7, 50, 99, 100, 101, 1_000])('pages of %i list a hundred entries, each once', async (limit) => {
    const { store, tenant, put } = await filled(100)
    const pages = await pagesOf(store, tenant, limit)
    expect(idsOf(pages.flat())).toEqual(idsOf(put))
    for (const page of pages) expect(page.length).toBeLessThanOrEqual(limit)
    expect(pages.length).toBeLessThanOrEqual(Math.floor(100 / limit) + 1)
  })

  it('page never lists what is another tenant’s', async () => {
    const { store, tenant, put, nth, keyed } = await filled(20)
    const others = [`${tenant}0`, tenant.slice(0, -1)]
    for (const other of others) await store.put(nth(1, { key: keyed({ tenant: other }) }))
    expect(idsOf((await pagesOf(store, tenant, 3)).flat())).toEqual(idsOf(put))
    for (const other of others) expect((await store.page(other, 10)).entries).toHaveLength(1)
  })

  it('page lists none of the dead, and goes on beyond them', async () => {
    const { store, tenant, nth, advance } = await filled(60)
    const living = Array.from({ length: 30 }, (_, at) => nth(at * 2, { keepUntil: nth(0).keepUntil + 1 }))
    for (const each of living) await store.put(each)
    advance(120_000)
    expect(idsOf((await pagesOf(store, tenant, 2)).flat())).toEqual(idsOf(living))
  })

  it('page lists none of what was deleted', async () => {
    const { store, tenant, put } = await filled(20)
    for (const { key } of put.slice(5)) await store.delete(key)
    expect(idsOf((await pagesOf(store, tenant, 2)).flat())).toEqual(idsOf(put.slice(0, 5)))
  })

  it('meets all that stays although whatever has been met is deleted', async () => {
    const { store, tenant, put } = await filled(40)
    const met = await pagesOf(store, tenant, 3, async (page) => {
      for (const { key } of page) await store.delete(key)
    })
    expect(idsOf(met.flat())).toEqual(idsOf(put))
  })

  it('meets all that stays although half of the rest goes and others come', async () => {
    const { store, tenant, nth, put } = await filled(40)
    let turn = 0
    const met = await pagesOf(store, tenant, 3, async () => {
      for (let each = 0; each < 3; each++, turn++) {
        if (turn < 20) await store.delete(put[turn * 2]!.key)
        if (turn < 60) await store.put(nth(100 + turn))
      }
    })
    expect(idsOf(met.flat())).toEqual(expect.arrayContaining(idsOf(put.filter((_, at) => at % 2 === 1))))
  })

  it.each([
    ['sooner', -60_000],
    ['later', 60_000],
  ])('meets what is replaced meanwhile by what goes %s', async (_, ms) => {
    const { store, tenant, put } = await filled(40)
    let isFirst = true
    const met = await pagesOf(store, tenant, 3, async () => {
      if (isFirst) for (const each of put) await store.put({ ...each, keepUntil: each.keepUntil + ms })
      isFirst = false
    })
    expect([...new Set(idsOf(met.flat()))]).toEqual(idsOf(put))
  })

  it.each(['-1', '1.5', '1e3', 'ent_', '0x10', ' ', '', 'ent_00000000000000000000000g', '*', '9'.repeat(30)])(
    'page refuses %j, which is no cursor',
    async (cursor) => {
      const { store, tenant } = await filled(1)
      const refusal = store.page(tenant, 10, cursor)
      await expect(refusal).rejects.toThrow(RangeError)
      await expect(refusal).rejects.toThrow('cursor')
    },
  )
}

/** All pages, one after the other; between any two of them `meanwhile` happens. */
async function pagesOf(
  store: Store,
  tenant: string,
  limit: number,
  meanwhile: (page: readonly Entry[]) => Promise<void> = async () => {},
): Promise<(readonly Entry[])[]> {
  const pages: (readonly Entry[])[] = []
  for (let cursor: string | undefined; ;) {
    const page = await store.page(tenant, limit, cursor)
    pages.push(page.entries)
    cursor = page.cursor
    if (cursor === undefined) return pages
    await meanwhile(page.entries)
  }
}

const idsOf = (entries: readonly Entry[]): string[] => entries.map(({ key }) => key.id).sort()
