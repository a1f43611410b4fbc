/** Both stand-ins, for whoever wants to try the distributed set-up on a laptop: `npm run upstash:local`. */
import { loadModel } from '../../../src/adapters/static-embedder/load.ts'
import { staticEmbedder } from '../../../src/adapters/static-embedder/static-embedder.ts'
import { startRedisBridge } from './redis-bridge.ts'
import { redisAvailable, startRedisServer } from './redis-server.ts'
import { startVectorServer } from './vector-server.ts'

if (!redisAvailable()) {
  console.error('There is no redis-server on the PATH; it comes with the package of that name.')
  process.exit(1)
}
const token = 'local'
const { length: dimension } = (await staticEmbedder(await loadModel()).embed('any'))!
const redis = await startRedisServer()
const bridge = await startRedisBridge({ redisPort: redis.port, token, port: 8079 })
const vector = await startVectorServer({ token, port: 8078, dimension })

console.log(`# In memory, and gone with this process. For the service, in as many terminals as you like:
UPSTASH_REDIS_REST_URL=${bridge.url}
UPSTASH_REDIS_REST_TOKEN=${token}
UPSTASH_VECTOR_REST_URL=${vector.url}
UPSTASH_VECTOR_REST_TOKEN=${token}`)

const stop = async () => {
  await Promise.all([bridge.close(), vector.close()])
  await redis.close()
  process.exit(0)
}
process.on('SIGTERM', stop)
process.on('SIGINT', stop)
