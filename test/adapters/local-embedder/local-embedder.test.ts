import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import {
  type LocalEmbedderOptions,
  UnusableLocalModel,
  openLocalEmbedder,
} from '../../../src/adapters/local-embedder/local-embedder.ts'
import { type Transformers, loadTransformers } from '../../../src/adapters/local-embedder/transformers.ts'
import { cosine, embedderContract, vectorOf } from '../../contract/embedder.contract.ts'
import { writeModel } from './making.ts'

const WORDS =
  'how do i reset my password ? will it rain a 42 wie andere ich mein passwort two lines and tab said again word'
const folder = mkdtempSync(join(tmpdir(), 'local-model-'))
writeModel(folder, WORDS.split(' '), 128)
afterAll(() => rmSync(folder, { recursive: true }))

const illegible = ['ما هي عاصمة فرنسا؟', '如何重置密码？']
const real = await loadTransformers().catch(() => undefined)
if (!real) console.warn('SKIPPED: the local embedder with the real @huggingface/transformers, which is not installed')

describe.skipIf(!real)('with the real package', () => {
  embedderContract({
    name: 'the local embedder',
    near: false,
    create: () => openLocalEmbedder({ model: folder }),
    illegible,
  })

  it('gives the mean of what the model says of the tokens', async () => {
    const embedder = await openLocalEmbedder({ model: folder })
    const [one, twice, other] = await Promise.all(
      ['rain', 'rain rain rain rain rain rain rain rain rain', 'password'].map((text) => vectorOf(embedder, text)),
    )
    expect(cosine(one!, twice!)).toBeGreaterThan(cosine(one!, other!))
    expect(embedder.space).toBe(`local/${basename(folder)}/mean/8`)
  })

  it('says what is wrong with a folder that holds no model', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'no-model-'))
    const [fault] = await faultsOf({ model: empty })
    rmSync(empty, { recursive: true })
    expect(fault).toContain(`REPRISE_EMBEDDING_MODEL=${empty} cannot be loaded`)
  })
})

embedderContract({
  name: 'the local embedder, with a package that a test plays',
  near: false,
  create: () => openLocalEmbedder({ model: folder, transformers: async () => played().transformers }),
  illegible,
})

describe('the local embedder', () => {
  it('takes a name that is no folder for one on the hub', async () => {
    const { transformers, asked } = played()
    const { space } = await openLocalEmbedder({ model: 'owner/some-model', transformers: async () => transformers })
    expect(asked.models).toEqual([['owner/some-model', { local_files_only: false }]])
    expect(space).toBe('local/owner/some-model/mean/8')
  })

  it('fetches nothing for a folder', async () => {
    const { transformers, asked } = played()
    await openLocalEmbedder({ model: folder, transformers: async () => transformers })
    expect(asked.models).toEqual([[folder, { local_files_only: true }]])
  })

  it.each([
    ['as the folder says', { pooling_mode_cls_token: true }, {}, 'cls'],
    ['as the folder says', { pooling_mode_cls_token: false, pooling_mode_mean_tokens: true }, {}, 'mean'],
    ['as it is told, whatever the folder says', { pooling_mode_cls_token: true }, { pooling: 'mean' as const }, 'mean'],
  ])('pools %s', async (_, said, options, pooling) => {
    const model = mkdtempSync(join(tmpdir(), 'pooled-model-'))
    mkdirSync(join(model, '1_Pooling'))
    writeFileSync(join(model, '1_Pooling', 'config.json'), JSON.stringify(said))
    const { transformers, asked } = played()
    await openLocalEmbedder({ model, transformers: async () => transformers, ...options })
    rmSync(model, { recursive: true })
    expect(asked.texts).toEqual([['a', { pooling, normalize: true }]])
  })

  it('asks the model once for a text', async () => {
    const { transformers, asked } = played()
    const embedder = await openLocalEmbedder({ model: folder, transformers: async () => transformers })
    expect(await embedder.embed('will it rain')).toBe(await embedder.embed('will it rain'))
    expect(asked.texts.filter(([text]) => text === 'will it rain')).toHaveLength(1)
  })

  it('asks again for a text of which the model made nothing', async () => {
    const { transformers, asked } = played()
    const embedder = await openLocalEmbedder({ model: folder, transformers: async () => transformers })
    asked.failing = true
    await expect(embedder.embed('will it rain')).rejects.toThrow('out of memory')
    asked.failing = false
    await expect(embedder.embed('will it rain')).resolves.toHaveLength(8)
  })

  it('fits what its window holds, and no more', async () => {
    const { transformers } = played()
    const options = { model: folder, transformers: async () => transformers }
    const [own, told] = await Promise.all([
      openLocalEmbedder(options),
      openLocalEmbedder({ ...options, windowTokens: 12 }),
    ])
    expect([own.fits('rain '.repeat(126)), own.fits('rain '.repeat(127))]).toEqual([true, false])
    expect([told.fits('rain '.repeat(10)), told.fits('rain '.repeat(11))]).toEqual([true, false])
    await expect(told.embed('rain '.repeat(11))).rejects.toThrow('too long')
  })

  it('says how to get the package if it is not there', async () => {
    const transformers = () => Promise.reject(new Error("Cannot find package '@huggingface/transformers'"))
    expect(await faultsOf({ model: folder, transformers })).toEqual([
      expect.stringContaining('npm install @huggingface/transformers'),
    ])
  })

  it('says which model cannot be loaded, and what a folder needs', async () => {
    const pipeline = () => Promise.reject(new Error('file was not found'))
    const [fault] = await faultsOf({ model: folder, transformers: async () => ({ pipeline }) })
    expect(fault).toContain(`REPRISE_EMBEDDING_MODEL=${folder} cannot be loaded: file was not found`)
    expect(fault).toContain('onnx/model.onnx')
  })

  it('says so if the model embeds nothing', async () => {
    const { transformers, asked } = played()
    asked.failing = true
    const faults = await faultsOf({ model: folder, transformers: async () => transformers })
    expect(faults).toEqual([expect.stringMatching(/embeds nothing: .*out of memory/)])
  })

  it('takes a path that leads nowhere for what it is', async () => {
    const { transformers } = played()
    const faults = await faultsOf({ model: './no/such/folder', transformers: async () => transformers })
    expect(faults).toEqual(['REPRISE_EMBEDDING_MODEL=./no/such/folder is neither a folder nor a name on the hub'])
  })
})

/** A package that makes a vector of a text's letters, and remembers what it was asked. */
function played() {
  const asked = { models: [] as unknown[], texts: [] as [text: string, options: unknown][], failing: false }
  const encode = (text: string) => [2, ...(text.match(/\p{L}+|[^\p{L}\s]+/gu) ?? []).map(numberOf), 3]
  const extractor = Object.assign(
    async (text: string, options: unknown) => {
      asked.texts.push([text, options])
      if (asked.failing) throw new Error('out of memory')
      const data = new Float32Array(8)
      for (let at = 0; at < text.length; at++) data[text.charCodeAt(at) % 8]! += 1 + (text.charCodeAt(at) % 3)
      const length = Math.hypot(...data)
      return { data: data.map((value) => value / length) }
    },
    {
      tokenizer: { encode, model_max_length: 1e30, unk_token_id: 1 },
      model: { config: { max_position_embeddings: 128 } },
    },
  )
  const transformers: Transformers = {
    async pipeline(_, model, options) {
      asked.models.push([model, options])
      return extractor
    },
  }
  return { transformers, asked }
}

const numberOf = (word: string): number => (/^[\p{Script=Latin}\p{N}\p{P}]/u.test(word) ? 5 + word.length : 1)

async function faultsOf(options: LocalEmbedderOptions): Promise<readonly string[]> {
  const error: unknown = await openLocalEmbedder(options).catch((error: unknown) => error)
  expect(error).toBeInstanceOf(UnusableLocalModel)
  return (error as UnusableLocalModel).faults
}
