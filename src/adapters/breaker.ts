import { BrokenCircuitError, CircuitState, ConsecutiveBreaker, circuitBreaker, handleWhen } from 'cockatiel'

/** So many failures in a row, and the dependency is left alone. */
const FAILURES = 5
/** For so long; then one call may try again, while all others still go without. */
const REST_MS = 5_000

export type Health = 'up' | 'down' | 'recovering'

export interface Breaker {
  /** Rejects at once, without calling, while the dependency is left alone. */
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
      // The circuit would have everyone wait for the one who tries.
      if (circuit.state === CircuitState.HalfOpen) throw new BrokenCircuitError()
      return circuit.execute(call)
    },
  }
}

/** True of the rejection of a call that was never made. */
export function isLeftAlone(error: unknown): boolean {
  return error instanceof BrokenCircuitError
}

const HEALTH: Record<CircuitState, Health> = {
  [CircuitState.Closed]: 'up',
  [CircuitState.HalfOpen]: 'recovering',
  [CircuitState.Open]: 'down',
  [CircuitState.Isolated]: 'down',
}
