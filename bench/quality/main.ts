/**
 * How well embedders and rules tell questions apart that one answer serves from those it does not, on labelled pairs and
 * streams in a folder of JSON lines (fields `a`, `b`, `same`; `text`, `intent`; `prompt`, `cluster`, `kind`):
 * `npm run bench:quality -- --data <folder> --embedder static --embedder minilm --python venv/bin/python --set qqp_stream`
 */
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readPairs, readStreams } from './data.ts'
import { type Subject, subjectOf } from './embedders.ts'
import { frontier } from './frontier.ts'
import { judgePairs } from './pairs.ts'
import { pairLines, streamLines } from './report.ts'
import { rulesFor } from './rules.ts'
import { judgeStream } from './streams.ts'
import { type Curve, picture } from './svg.ts'

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    embedder: { type: 'string', multiple: true, default: ['static', 'ngrams'] },
    /** Names of files in the folder, without their ending; all unless given. */
    set: { type: 'string', multiple: true, default: [] },
    /** Rows of each set, at most. */
    limit: { type: 'string', default: 'Infinity' },
    /** A Python with what tools/minilm-server/requirements.txt says. */
    python: { type: 'string', default: 'python3' },
    /** Where the pictures go. */
    pictures: { type: 'string', default: tmpdir() },
  },
})
if (!values.data) throw new Error('Say with --data where the labelled questions are.')
const limit = Number(values.limit)
const [pairs, streams] = [readPairs(values.data, values.set, limit), readStreams(values.data, values.set, limit)]
if (pairs.size + streams.size === 0) throw new Error(`${values.data} holds none of the sets.`)

const subjects: Subject[] = []
try {
  for (const name of values.embedder) subjects.push(await subjectOf(name, values.python))
  for (const [set, rows] of pairs) {
    console.log(`\n# ${set}: ${rows.length} pairs, ${rows.filter(({ same }) => same).length} same`)
    for (const subject of subjects) {
      for (const [rule, judged] of await judgePairs(rows, subject, rulesFor(subject)))
        print(subject, rule, pairLines(judged))
    }
  }
  for (const [set, arrivals] of streams) {
    console.log(`\n# ${set}: ${arrivals.length} prompts in order of arrival`)
    const curves: Curve[] = []
    for (const subject of subjects) {
      const stream = await judgeStream(arrivals, subject, rulesFor(subject))
      for (const [rule, scored] of stream.byRule) {
        print(subject, rule, streamLines(stream, scored))
        curves.push({ name: `${subject.name}, ${rule}`, points: frontier(scored), possible: stream.possible })
      }
    }
    const file = join(values.pictures, `frontier-${set.replaceAll(' ', '-')}.svg`)
    writeFileSync(file, picture(set, curves))
    console.log(`picture: ${file}`)
  }
} finally {
  for (const { close } of subjects) close?.()
}

function print({ name }: Subject, rule: string, lines: readonly string[]): void {
  console.log([`${name}, ${rule}`, ...lines.map((line) => `  ${line}`)].join('\n'))
}
