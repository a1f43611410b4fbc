/**
 * What it is worth to keep an entry: the tokens its hits save, per byte it takes up, halved for every hour it lies
 * unused. Kept as a logarithm, in which an hour is worth 1, as much as a doubling of hits or tokens. All entries then
 * lose worth at the same pace, so their order never changes by itself: the number can be stored, and an index on it
 * hands out the least worthy without a scan.
 */
export function worthOf(completionTokens: number, hits: number, bytes: number, usedAt: number): number {
  return Math.log2(((completionTokens + 1) * (hits + 1)) / bytes) + usedAt / halfLifeMs
}

const halfLifeMs = 3_600_000
