import { localBus } from '../../../src/adapters/embedded/local-bus.ts'
import { localLease } from '../../../src/adapters/embedded/local-lease.ts'
import { busContract } from '../../contract/bus.contract.ts'
import { leaseContract } from '../../contract/lease.contract.ts'
import { impatient } from '../../contract/patience.ts'
import { stoppedClock } from './support.ts'

leaseContract({
  name: 'the local lease',
  async create() {
    const { clock, advance } = stoppedClock()
    const bus = localBus()
    const lease = localLease({ clock, bus })
    return { ours: lease, theirs: lease, bus, patience: impatient, advance, ttlMs: 1000 }
  },
})

busContract({
  name: 'the local bus',
  async create() {
    const bus = localBus()
    return { ours: bus, theirs: bus, patience: impatient }
  },
})
