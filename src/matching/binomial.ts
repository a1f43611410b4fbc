/** How likely it is that so many of `n` or more turn out wrong, if each does with probability `p`. */
export function atLeast(k: number, n: number, p: number): number {
  if (k <= 0) return 1
  return k > n ? 0 : Math.max(0, 1 - below(k, n, p))
}

/** How likely fewer than `k` of `n` are. From term to term, so that no factorial is ever needed. */
function below(k: number, n: number, p: number): number {
  let [log, sum] = [n * Math.log1p(-p), 0]
  for (let at = 0; at < k; at++) {
    sum += Math.exp(log)
    log += Math.log((n - at) / (at + 1)) + Math.log(p) - Math.log1p(-p)
  }
  return sum
}
