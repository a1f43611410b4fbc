import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { type StaticModel, UnusableModel, readModel } from './model.ts'

/** The model that is shipped, or that of another file. */
export async function loadModel(path = fileURLToPath(new URL('model.bin', import.meta.url))): Promise<StaticModel> {
  const bytes = await readFile(path).catch(({ message }: Error) => {
    const fault = `The embedding model cannot be read: ${message}; get it anew with the package, or choose another REPRISE_EMBEDDER`
    throw new UnusableModel([fault])
  })
  return readModel(bytes, path)
}
