import { BrokenCircuitError, CircuitState, ConsecutiveBreaker, circuitBreaker, handleWhen } from 'cockatiel'

/** So many failures in a row, and the dependency is left alone. */
const FAILURES = 5
/** For so long; then one call tries again, while everyone, whoever makes it included, still goes without. */
const REST_MS = 5_000

export type Health = 'up' | 'down' | 'recovering'

export interface Breaker {
  /** Rejects at once while the dependency is left alone; the call may then be made all the same, to see if it is back. */
  run<T>(call: () => Promise<T>): Promise<T>
  health(): Health
}

/** Keeps a dependency that is down from costing every request the time it takes to find that out again. */
export function createBreaker(onChange: (health: Health) => void = () => {}): Breaker {
  // What does not fit is the entry's fault, not the dependency's.
  const failures = handleWhen((error) => !(error instanceof RangeError))
  const circuit = circuitBreaker(failures, { halfOpenAfter: REST_MS, breaker: new ConsecutiveBreaker(FAILURES) })
  const health = () => HEALTH[circuit.state]
  circuit.onStateChange(() => onChange(health()))
  return {
    health,
    async run(call) {
      if (circuit.state === CircuitState.Closed) return circuit.execute(call)
      // Nobody waits for the one that tries, for it may well hang; and others may be waiting for whoever makes it.
      if (circuit.state === CircuitState.Open) circuit.execute(call).catch(() => {})
      throw new BrokenCircuitError()
    },
  }
}

/** True of the rejection of a call that was not waited for. */
export function isLeftAlone(error: unknown): boolean {
  return error instanceof BrokenCircuitError
}

const HEALTH: Record<CircuitState, Health> = {
  [CircuitState.Closed]: 'up',
  [CircuitState.HalfOpen]: 'recovering',
  [CircuitState.Open]: 'down',
  [CircuitState.Isolated]: 'down',
}
