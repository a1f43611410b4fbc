import { z } from 'zod'
import type { SparseVector } from './vector-namespace.ts'

const KIB = 1024

const id = z
  .union([z.string(), z.number()])
  .transform(String)
  .refine((id) => id !== '', 'The id must not be empty.')

const vector = z.array(z.number()).transform((values) => Float32Array.from(values))

const sparseVector = z
  .object({ indices: z.array(z.int32()), values: z.array(z.number()) })
  .refine(({ indices, values }) => indices.length === values.length, 'Indices and values must be of one length.')
  .refine(({ indices }) => indices.length <= 1000, 'A sparse vector has at most 1000 non-zero values.')
  .transform(({ indices, values }): SparseVector => ({ indices, values: values.map(Math.fround) }))

const metadata = z
  .record(z.string(), z.unknown())
  .refine((metadata) => Buffer.byteLength(JSON.stringify(metadata)) <= 48 * KIB, 'Metadata may have 48 KB at most.')

const data = z.string().refine((data) => Buffer.byteLength(data) <= KIB * KIB, 'Data may have 1 MB at most.')

const include = {
  includeVectors: z.boolean().optional(),
  includeMetadata: z.boolean().optional(),
  includeData: z.boolean().optional(),
}
export type Include = z.infer<z.ZodObject<typeof include>>

const upsert = z.object({
  id,
  vector: vector.optional(),
  sparseVector: sparseVector.optional(),
  metadata: metadata.optional(),
  data: data.optional(),
})
export type Upsert = z.infer<typeof upsert>

const query = z.object({
  vector: vector.optional(),
  sparseVector: sparseVector.optional(),
  data: data.optional(),
  topK: z.int().min(1).max(1000).default(10),
  filter: z.string().optional(),
  weightingStrategy: z.enum(['IDF']).optional(),
  fusionAlgorithm: z.enum(['RRF', 'DBSF']).optional(),
  queryMode: z.enum(['HYBRID', 'DENSE', 'SPARSE']).default('HYBRID'),
  ...include,
})
export type Query = Readonly<z.infer<typeof query>>

/** One or an array of them; the service tells them apart by the answer only. */
const several = <T extends z.ZodType>(each: T) => z.preprocess((sent) => [sent].flat(), z.array(each).min(1))

/** What each command may be asked, with the limits that are documented. */
export const requests = {
  upserts: several(upsert),
  queries: several(query),
  fetch: z
    .object({ ids: several(id).optional(), prefix: z.string().optional(), ...include })
    .refine(exactlyOne('ids', 'prefix'), 'Only one of ids or prefix must be provided.'),
  delete: z
    .object({ ids: several(id).optional(), prefix: z.string().optional(), filter: z.string().optional() })
    .refine(exactlyOne('ids', 'prefix', 'filter'), 'Only and only one of the ids, prefix, or filter must be provided.'),
  update: upsert.extend({ metadataUpdateMode: z.enum(['OVERWRITE', 'PATCH']).default('OVERWRITE') }),
  range: z.object({
    cursor: z
      .union([z.string(), z.number()])
      .transform(Number)
      .refine((cursor) => cursor >= 0, 'Invalid cursor.'),
    limit: z.int().min(1).max(1000),
    prefix: z.string().default(''),
    ...include,
  }),
  resumable: query.extend({ maxIdle: z.number().default(3600) }),
  resume: z.object({ uuid: z.string(), additionalK: z.int().min(1).max(1000) }),
  end: z.object({ uuid: z.string() }),
  rename: z.object({ namespace: z.string(), newNamespace: z.string(), deleteExisting: z.boolean().default(false) }),
}

function exactlyOne(...names: string[]) {
  return (request: object) => names.filter((name) => name in request).length === 1
}
