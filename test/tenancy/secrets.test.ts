import { expect, it } from 'vitest'
import { SecretList, createSecrets } from '../../src/tenancy/secrets.ts'

const [OLD, NEW] = ['o'.repeat(32), 'n'.repeat(32)]
const secrets = createSecrets([OLD])

it.each(['sk-1', '', 'ключ 🔑', 'x'.repeat(10_000)])('opens what it has sealed', (text) => {
  expect(secrets.open('acme', secrets.seal('acme', text))).toBe(text)
})

it('never seals the same in the same way', () => {
  expect(secrets.seal('acme', 'sk-1')).not.toBe(secrets.seal('acme', 'sk-1'))
})

it('lets nothing be read in what it has sealed', () => {
  const sealed = secrets.seal('acme', 'sk-secret')
  expect(sealed).toMatch(/^v1\.[\w-]+$/)
  expect(Buffer.from(sealed.slice(3), 'base64url').toString('latin1')).not.toContain('sk-')
})

it('opens nothing for another tenant', () => {
  expect(secrets.open('acme-2', secrets.seal('acme', 'sk-1'))).toBeUndefined()
})

it('opens nothing with another secret', () => {
  expect(createSecrets([NEW]).open('acme', secrets.seal('acme', 'sk-1'))).toBeUndefined()
})

it('opens nothing of which a single bit was changed', () => {
  const sealed = secrets.seal('acme', 'sk-1')
  const bytes = Buffer.from(sealed.slice(3), 'base64url')
  for (let at = 0; at < bytes.length; at++) {
    const forged = Buffer.from(bytes)
    forged[at]! ^= 1
    expect(secrets.open('acme', `v1.${forged.toString('base64url')}`)).toBeUndefined()
  }
})

it.each(['', 'v1', 'v1.', 'v1.AAAA', 'sk-1', 'v1.🔑', '.'])('opens nothing that is not sealed, such as %j', (text) => {
  expect(secrets.open('acme', text)).toBeUndefined()
})

it('opens nothing of a version it does not know', () => {
  expect(secrets.open('acme', secrets.seal('acme', 'sk-1').replace('v1', 'v2'))).toBeUndefined()
})

it('opens with any of its secrets, and seals with the first', () => {
  const both = createSecrets([NEW, OLD])
  expect(both.open('acme', secrets.seal('acme', 'sk-1'))).toBe('sk-1')
  expect(createSecrets([NEW]).open('acme', both.seal('acme', 'sk-1'))).toBe('sk-1')
})

it('seals anew, so that the old secret can go', () => {
  const resealed = createSecrets([NEW, OLD]).reseal('acme', secrets.seal('acme', 'sk-1'))!
  expect(createSecrets([NEW]).open('acme', resealed)).toBe('sk-1')
})

it('leaves alone what the first secret has sealed', () => {
  const sealed = secrets.seal('acme', 'sk-1')
  expect(createSecrets([OLD, NEW]).reseal('acme', sealed)).toBe(sealed)
})

it('does not seal anew what it cannot open', () => {
  expect(createSecrets([NEW]).reseal('acme', secrets.seal('acme', 'sk-1'))).toBeUndefined()
})

it('names a credential always alike, and no two alike', () => {
  expect(secrets.nameOf('sk-1')).toMatch(/^[0-9a-f]{24}$/)
  expect(createSecrets([OLD]).nameOf('sk-1')).toBe(secrets.nameOf('sk-1'))
  expect(secrets.nameOf('sk-2')).not.toBe(secrets.nameOf('sk-1'))
})

it('names a credential so that nobody else can tell it by its name', () => {
  expect(createSecrets([NEW]).nameOf('sk-1')).not.toBe(secrets.nameOf('sk-1'))
})

it('goes on naming credentials alike while an old secret only opens', () => {
  expect(createSecrets([OLD, NEW]).nameOf('sk-1')).toBe(secrets.nameOf('sk-1'))
})

it('reads several secrets from one variable', () => {
  expect(SecretList.parse(`${NEW}, ${OLD}`)).toEqual([NEW, OLD])
})

it.each(['', 'short', `${OLD},short`, `${OLD},`])('does not take %j for secrets', (text) => {
  expect(SecretList.safeParse(text).success).toBe(false)
})
