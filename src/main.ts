#!/usr/bin/env node
import { Agent, setGlobalDispatcher } from 'undici'
import { compose } from './compose.ts'
import { readConfig } from './config.ts'
import { listen } from './http/serve.ts'
import { createLog } from './insight/log.ts'

/** Starts the service, says what was chosen, and drains on SIGTERM. */
async function main(): Promise<void> {
  const config = readConfig()
  // Node's own fetch gives up after five minutes without a byte; a model may think for longer.
  const timeout = config.REPRISE_MODEL_TIMEOUT_MS
  setGlobalDispatcher(new Agent({ headersTimeout: timeout, bodyTimeout: timeout }))

  const log = createLog(config.REPRISE_LOG_LEVEL)
  const service = await compose(config, log)
  const listening = await listen(service.fetch, { port: config.PORT, hostname: config.HOST })
  // To standard error, so that standard output stays JSON, line for line.
  console.error([`reprise   ${listening.url}`, ...service.chosen].map((line) => `  ${line}`).join('\n'))

  let stopping = false
  const stop = async (signal: string) => {
    if (stopping) process.exit(1)
    stopping = true
    log.info({ signal }, 'draining')
    const landed = service.drain()
    await Promise.race([
      Promise.all([landed, listening.stop(config.REPRISE_DRAIN_MS)]),
      new Promise((resolve) => setTimeout(resolve, config.REPRISE_DRAIN_MS + 500).unref()),
    ])
    await service.close()
    log.info({ signal }, 'stopped')
    log.flush()
    process.exit(0)
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}

main().catch((error: unknown) => {
  // A bad configuration, bad mock rules and a bad database list what is wrong with them.
  const { faults } = error as { faults?: readonly string[] }
  if (faults) {
    console.error(`reprise cannot start:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`)
  } else if ((error as NodeJS.ErrnoException)?.code === 'EADDRINUSE') {
    console.error(`reprise cannot start: ${(error as Error).message}; set PORT to another one`)
  } else {
    console.error('reprise cannot start:', error)
  }
  process.exit(1)
})
