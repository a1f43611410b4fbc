import { pino } from 'pino'

/** A structured log. Fields say what happened; prompts, answers and keys are never among them. */
export interface Log {
  info(fields: Record<string, unknown>, message?: string): void
  warn(fields: Record<string, unknown>, message?: string): void
  error(fields: Record<string, unknown>, message?: string): void
  /** Writes out what is still buffered. */
  flush(): void
}

/** One JSON object a line, on standard output. Buffered: a line a request would otherwise cost a write a request. */
export function createLog(level: string): Log {
  const destination = pino.destination({ dest: 1, sync: false, minLength: 4096, periodicFlush: 250 })
  const logger = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination)
  return {
    info: logger.info.bind(logger),
    warn: logger.warn.bind(logger),
    error: logger.error.bind(logger),
    flush: () => destination.flushSync(),
  }
}

/** For tests, and for whoever has a log of their own. */
export const silent: Log = { info() {}, warn() {}, error() {}, flush() {} }
