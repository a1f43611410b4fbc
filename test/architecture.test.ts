import { readFileSync, readdirSync } from 'node:fs'
import { posix } from 'node:path'
import { expect, it } from 'vitest'

const SRC = new URL('../src/', import.meta.url)
const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts'))
const source = (file: string) => readFileSync(new URL(file, SRC), 'utf8')

interface Import {
  /** A path from `src` for our own files, else the package's name. */
  readonly from: string
  readonly ours: boolean
  readonly typeOnly: boolean
}
const imports = (file: string): Import[] =>
  [
    ...source(file).matchAll(
      /^(?:import|export) (type )?(?:[^'\n;]|\n(?! *import))*?from '([^']+)'|^import '([^']+)'/gm,
    ),
  ].map(([, typeOnly, named, bare]) => {
    const from = (named ?? bare)!
    const ours = from.startsWith('.')
    return { from: ours ? posix.join(posix.dirname(file), from) : from, ours, typeOnly: typeOnly !== undefined }
  })
const roomOf = (file: string) => (file.includes('/') ? file.slice(0, file.indexOf('/')) : file.replace('.ts', ''))
const inRoom = (...rooms: string[]) => files.filter((file) => rooms.includes(roomOf(file)))

/** For each room, the rooms it may use; types may come from anywhere but the adapters. */
const MAY_USE: Record<string, string[]> = {
  main: ['compose', 'config', 'http', 'insight'],
  testing: ['compose', 'config', 'http', 'insight'],
  compose: [
    'adapters',
    'answers',
    'background',
    'cache',
    'config',
    'dialects',
    'engines',
    'entries',
    'explain',
    'feedback',
    'http',
    'insight',
    'jobs',
    'labels',
    'matching',
    'tenancy',
  ],
  background: ['insight', 'jobs'],
  engines: ['adapters', 'answers', 'errors', 'matching', 'tenancy'],
  config: ['contradictions', 'insight', 'spelling', 'tenancy'],
  contradictions: [],
  spelling: [],
  http: ['cache', 'checked', 'dialects', 'errors', 'insight', 'jobs', 'keys', 'tenancy'],
  explain: ['cache', 'deadline', 'insight', 'keys', 'matching'],
  cache: ['answers', 'deadline', 'dialects', 'errors', 'insight', 'keys', 'lookup'],
  lookup: ['keys', 'matching'],
  entries: ['errors', 'jobs', 'tenancy'],
  feedback: ['errors', 'labels'],
  answers: ['deadline', 'dialects', 'errors', 'keys'],
  jobs: ['answers', 'checked', 'dialects', 'errors', 'keys'],
  dialects: ['errors'],
  keys: ['deadline', 'dialects', 'errors'],
  labels: ['answers', 'deadline', 'errors', 'insight', 'keys', 'matching'],
  matching: [],
  tenancy: ['deadline', 'errors'],
  insight: ['deadline', 'errors'],
  call: [],
  ports: [],
  deadline: [],
  errors: [],
  checked: ['errors'],
}

it('has a rule for every room', () => {
  const rooms = new Set(files.map(roomOf))
  rooms.delete('adapters')
  expect([...rooms].sort()).toEqual(Object.keys(MAY_USE).sort())
})

it.each(files.filter((file) => roomOf(file) !== 'adapters'))('%s uses only the rooms it may', (file) => {
  const room = roomOf(file)
  const used = imports(file).filter(({ ours, typeOnly }) => ours && !typeOnly)
  expect(
    used.map(({ from }) => roomOf(from)).filter((other) => other !== room && !MAY_USE[room]!.includes(other)),
  ).toEqual([])
})

it.each(files.filter((file) => !['compose', 'engines', 'testing', 'adapters'].includes(roomOf(file))))(
  '%s knows no adapter, not even its types',
  (file) => {
    expect(imports(file).filter(({ from }) => from.startsWith('adapters/'))).toEqual([])
  },
)

it.each(inRoom('adapters'))('%s knows the ports and its own folder', (file) => {
  const folder = posix.dirname(file)
  const others = imports(file).filter(({ ours, from }) => ours && from !== 'ports.ts' && posix.dirname(from) !== folder)
  expect(others).toEqual([])
})

it('gives each adapter at most one service to talk to', () => {
  const SDKS = ['openai', '@upstash/redis', '@upstash/vector', 'node:sqlite']
  const folders = new Map<string, Set<string>>()
  for (const file of inRoom('adapters')) {
    for (const { from } of imports(file)) {
      if (SDKS.includes(from))
        folders.set(posix.dirname(file), (folders.get(posix.dirname(file)) ?? new Set()).add(from))
    }
  }
  expect([...folders].filter(([, sdks]) => sdks.size > 1)).toEqual([])
  expect(folders.size).toBeGreaterThan(0)
})

const CORE = [
  ...inRoom('answers', 'dialects', 'keys', 'matching'),
  'cache.ts',
  'call.ts',
  'deadline.ts',
  'ports.ts',
  'errors.ts',
]
it.each(CORE)('%s keeps to web standards, so that it runs on an edge as well', (file) => {
  expect(imports(file).filter(({ ours, from }) => !ours && !['zod', 'node:crypto'].includes(from))).toEqual([])
})

it('reads the environment in config.ts only', () => {
  expect(files.filter((file) => /process\.env/.test(source(file)))).toEqual(['config.ts'])
})

it('reads the clock in compose.ts only', () => {
  expect(files.filter((file) => /Date\.now|new Date\(\)/.test(source(file)))).toEqual(['compose.ts'])
})

it('has no drawers for odds and ends', () => {
  expect(files.filter((file) => /(?:^|\/)(?:utils?|helpers?|services?|common|misc)(?:\/|\.ts$)/.test(file))).toEqual([])
})

it('has no file of more than 200 lines', () => {
  expect(files.filter((file) => source(file).trimEnd().split('\n').length > 200)).toEqual([])
})
