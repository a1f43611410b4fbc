import { expect, it } from 'vitest'
import { type Flight, createFlights } from '../../src/answers/flights.ts'

it('departs when there is no flight of that name', async () => {
  const flights = createFlights()
  const { flight, joined } = flights.join('a', async () => aFlight().flight)
  expect(joined).toBe(false)
  expect(await flight).toHaveProperty('landed')
})

it('joins the flight of that name without departing', async () => {
  const flights = createFlights()
  const first = flights.join('a', async () => aFlight().flight)
  const second = flights.join('a', () => Promise.reject(new Error('departed')))
  expect(second.joined).toBe(true)
  expect(await second.flight).toBe(await first.flight)
})

it('keeps flights of different names apart', () => {
  const flights = createFlights()
  flights.join('a', async () => aFlight().flight)
  expect(flights.join('b', async () => aFlight().flight).joined).toBe(false)
  expect(flights.size).toBe(2)
})

it('can still be joined after its answer has begun, until it has landed', async () => {
  const flights = createFlights()
  const { flight, land } = aFlight()
  await flights.join('a', async () => flight).flight
  expect(flights.has('a')).toBe(true)
  land()
  await flights.idle()
  expect(flights.has('a')).toBe(false)
})

it('lets everyone who joined hear that it could not depart, and is then gone', async () => {
  const flights = createFlights()
  const asking = [1, 2].map(() => flights.join('a', () => Promise.reject(new Error('no runway'))).flight)
  for (const flight of asking) await expect(flight).rejects.toThrow('no runway')
  expect(flights.has('a')).toBe(false)
})

it('idles when everything has landed, those included that depart meanwhile', async () => {
  const flights = createFlights()
  const [first, second] = [aFlight(), aFlight()]
  flights.join('a', async () => first.flight)
  let idle = false
  const waiting = flights.idle().then(() => (idle = true))
  flights.join('b', async () => second.flight)
  first.land()
  await first.flight.landed
  await new Promise((resolve) => setImmediate(resolve))
  expect(idle).toBe(false)
  second.land()
  await waiting
  expect(flights.size).toBe(0)
})

it('idles although a flight could not depart', async () => {
  const flights = createFlights()
  flights.join('a', () => Promise.reject(new Error('no runway'))).flight.catch(() => {})
  await flights.idle()
  expect(flights.size).toBe(0)
})

function aFlight(): { flight: Flight; land: () => void } {
  const { promise: landed, resolve: land } = Promise.withResolvers<void>()
  return { flight: { landed }, land }
}
