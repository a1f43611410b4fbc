import { countersContract } from '../contract/counters.contract.ts'
import { memoryCounters } from '../support/counters.ts'
import { START } from './counting.ts'

countersContract({
  name: 'what the tests here count with',
  async create() {
    let now = START
    const clock = () => now
    const counters = memoryCounters(clock)
    const advance = (ms: number) => void (now += ms)
    return { ours: counters, theirs: counters, clock, advance }
  },
})
