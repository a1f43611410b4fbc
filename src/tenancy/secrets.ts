import {
  type KeyObject,
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  randomBytes,
} from 'node:crypto'
import { z } from 'zod'

/** `REPRISE_SECRET`: one or several, separated by commas. The first seals, all open. */
export const SecretList = z
  .string()
  .transform((text) => text.split(',').map((secret) => secret.trim()))
  .pipe(z.array(z.string().min(32, 'must be at least 32 characters, or several such, separated by commas')))

export interface Secrets {
  /** Nobody reads it without a secret, nor in another tenant's place. */
  seal(tenant: string, text: string): string
  /** `undefined` if none of the secrets opens it, or if it was sealed for another tenant. */
  open(tenant: string, sealed: string): string | undefined
  /** The same, under the first secret; `undefined` if it does not open. */
  reseal(tenant: string, sealed: string): string | undefined
  /** A name for whoever holds a credential, from which neither can be told: 24 hex digits. */
  nameOf(credential: string): string
}

const VERSION = 'v1'
const NONCE = 12
const TAG = 16

/** Seals by AES-256-GCM: `v1.` and, in base64url, a random nonce, the tag and the sealed text. */
export function createSecrets(secrets: readonly string[]): Secrets {
  const sealing = secrets.map((secret) => derive(secret, 'seal'))
  const naming = derive(secrets[0]!, 'name')

  return {
    seal,
    open,
    reseal(tenant, sealed) {
      if (openWith(sealing[0]!, tenant, sealed) !== undefined) return sealed
      const text = open(tenant, sealed)
      return text === undefined ? undefined : seal(tenant, text)
    },
    nameOf: (credential) => createHmac('sha256', naming).update(credential).digest('hex').slice(0, 24),
  }

  function seal(tenant: string, text: string): string {
    const nonce = randomBytes(NONCE)
    const cipher = createCipheriv('aes-256-gcm', sealing[0]!, nonce).setAAD(Buffer.from(tenant))
    const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
    return `${VERSION}.${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')}`
  }

  function open(tenant: string, sealed: string): string | undefined {
    for (const key of sealing) {
      const text = openWith(key, tenant, sealed)
      if (text !== undefined) return text
    }
    return undefined
  }
}

function openWith(key: KeyObject, tenant: string, sealed: string): string | undefined {
  const [version, body = ''] = sealed.split('.')
  const bytes = Buffer.from(body, 'base64url')
  if (version !== VERSION || bytes.length < NONCE + TAG) return undefined
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE), { authTagLength: TAG })
    .setAAD(Buffer.from(tenant))
    .setAuthTag(bytes.subarray(NONCE, NONCE + TAG))
  try {
    return Buffer.concat([decipher.update(bytes.subarray(NONCE + TAG)), decipher.final()]).toString('utf8')
  } catch {
    return undefined
  }
}

/** A key for one purpose only: what one use of the secret gives away helps nobody with the other. */
function derive(secret: string, purpose: string): KeyObject {
  // A key object is made ready once; from bytes that takes several times as long as all the rest.
  return createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', `reprise/${purpose}/${VERSION}`, 32)))
}
