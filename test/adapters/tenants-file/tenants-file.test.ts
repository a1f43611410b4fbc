import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { UnusableFile } from '../../../src/adapters/tenants-file/document.ts'
import { openTenantsFile } from '../../../src/adapters/tenants-file/tenants-file.ts'

const schema = z.strictObject({ tenants: z.array(z.string()) })

function folder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'reprise-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

async function following(text: string) {
  const path = join(folder(), 'tenants.yaml')
  writeFileSync(path, text)
  const reloads: (readonly string[])[] = []
  // So rarely that it is we who say when to look.
  const file = await openTenantsFile({ path, schema, everyMs: 1e9, onReload: (faults) => reloads.push(faults) })
  onTestFinished(file.close)
  return {
    path,
    reloads,
    write: (text: string) => writeFileSync(path, text),
    look: file.look,
    async lookTwice() {
      await file.look()
      await file.look()
    },
    tenants: () => file.current().tenants,
  }
}

it('holds what the file says', async () => {
  const { tenants, reloads, lookTwice } = await following('tenants: [acme]')
  await lookTwice()
  expect(tenants()).toEqual(['acme'])
  expect(reloads).toEqual([])
})

it('holds what the file says now', async () => {
  const { tenants, write, lookTwice, reloads } = await following('tenants: [acme]')
  write('tenants: [acme, other]')
  await lookTwice()
  expect(tenants()).toEqual(['acme', 'other'])
  expect(reloads).toEqual([[]])
})

it('looks by itself', async () => {
  const path = join(folder(), 'tenants.yaml')
  writeFileSync(path, 'tenants: [acme]')
  const { promise: reloaded, resolve: onReload } = Promise.withResolvers<readonly string[]>()
  const file = await openTenantsFile({ path, schema, everyMs: 1, onReload })
  onTestFinished(file.close)
  writeFileSync(path, 'tenants: [other]')
  await reloaded
  expect(file.current().tenants).toEqual(['other'])
})

it('lets whoever is writing the file finish', async () => {
  const { tenants, write, look } = await following('tenants:\n  - acme\n  - other\n')
  write('tenants:\n  - acme\n')
  await look()
  expect(tenants()).toEqual(['acme', 'other'])
  write('tenants:\n  - acme\n  - other\n  - third\n')
  await look()
  expect(tenants()).toEqual(['acme', 'other'])
  await look()
  expect(tenants()).toEqual(['acme', 'other', 'third'])
})

it('follows a file that is put in the place of another', async () => {
  const { tenants, path, lookTwice } = await following('tenants: [acme]')
  writeFileSync(`${path}.new`, 'tenants: [other]')
  renameSync(`${path}.new`, path)
  await lookTwice()
  expect(tenants()).toEqual(['other'])
})

it('holds on to what the file said before it became unusable, and complains of that once', async () => {
  const { tenants, write, lookTwice, reloads, path } = await following('tenants: [acme]')
  write('tenants: acme')
  await lookTwice()
  await lookTwice()
  expect(tenants()).toEqual(['acme'])
  expect(reloads).toEqual([[`${path}:1: tenants: Invalid input: expected array, received string`]])
})

it('holds on to what the file said before it was gone, until it is there again', async () => {
  const { tenants, write, lookTwice, reloads, path } = await following('tenants: [acme]')
  rmSync(path)
  await lookTwice()
  await lookTwice()
  expect(tenants()).toEqual(['acme'])
  expect(reloads).toEqual([[expect.stringContaining('cannot be read')]])
  write('tenants: [other]')
  await lookTwice()
  expect(tenants()).toEqual(['other'])
})

it('begins with no file that it cannot read', async () => {
  const path = join(folder(), 'none.yaml')
  await expect(openTenantsFile({ path, schema, onReload() {} })).rejects.toMatchObject({
    faults: [expect.stringContaining(`${path} cannot be read`)],
  })
})

it('begins with no file that is not what it should be', async () => {
  await expect(following('tenants: [1]')).rejects.toBeInstanceOf(UnusableFile)
})
