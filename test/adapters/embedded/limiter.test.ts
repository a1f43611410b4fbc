import { localLimiter } from '../../../src/adapters/embedded/local-limiter.ts'
import { limiterContract } from '../../contract/limiter.contract.ts'
import { stoppedClock } from './support.ts'

limiterContract({
  name: 'the limiter of one process',
  async create() {
    const time = stoppedClock()
    return { ...time, limiters: [localLimiter(time)] }
  },
})
