import { expect, it } from 'vitest'
import { parseFilter } from '../support/upstash/vector-filter.ts'

const METADATA = {
  city: 'Zürich',
  country: 'Switzerland',
  population: 447_082,
  altitude: -0.5,
  capital: false,
  lakeside: true,
  nothing: null,
  geography: { continent: 'Europe', at: { latitude: 47.37 } },
  tongues: ['de', 'en', 'gsw'],
  years: [1291, 1351],
  districts: [{ name: 'Altstadt' }, { name: 'Wollishofen' }],
  'odd-name_1': 'odd',
}

it.each([
  `city = 'Zürich'`,
  `city = "Zürich"`,
  `city != 'Bern'`,
  `city != 5`,
  `population = 447082`,
  `population != 1`,
  `population < 447083 AND population <= 447082 AND population > 447081 AND population >= 447082`,
  `altitude > -1 AND altitude < -0.25 AND altitude = -5e-1`,
  `capital = false AND capital = FALSE AND capital = 0 AND capital != true`,
  `lakeside = true AND lakeside = 1 AND lakeside != 0`,
  `city GLOB 'Z?rich'`,
  `city GLOB '?[uü]*[^a-g]'`,
  `city GLOB '*'`,
  `city NOT GLOB 'z*'`,
  `city NOT GLOB 'Z'`,
  `city NOT GLOB 'Z.rich'`,
  `country IN ('Austria', "Switzerland")`,
  `population IN (1, 447082)`,
  `lakeside IN (1)`,
  `country NOT IN ('Austria', 'Italy')`,
  `tongues CONTAINS 'gsw'`,
  `years CONTAINS 1291`,
  `tongues NOT CONTAINS 'rm'`,
  `HAS FIELD city`,
  `HAS FIELD geography.at.latitude`,
  `HAS NOT FIELD mayor`,
  `HAS NOT FIELD geography.at.longitude`,
  `geography.continent = 'Europe'`,
  `geography.at.latitude >= 47`,
  `tongues[0] = 'de'`,
  `tongues[#-1] = 'gsw'`,
  `tongues[#-3] = 'de'`,
  `districts[1].name = 'Wollishofen'`,
  `odd-name_1 = 'odd'`,
  `city = 'Bern' AND population = 1 OR capital = false`,
  `capital = false OR city = 'Bern' AND population = 1`,
  `(city = 'Bern' OR city = 'Zürich') AND (population > 1)`,
  `((city = 'Zürich'))`,
  `city='Zürich'and population>1 Or HaS fIeLd mayor`,
])('holds: %s', (filter) => {
  expect(parseFilter(filter)(METADATA)).toBe(true)
})

it.each([
  `city = 'Bern'`,
  `city = 'zürich'`,
  `city != 'Zürich'`,
  `population = '447082'`,
  `population < 447082`,
  `population > 447082`,
  `population <= 447081`,
  `population >= 447083`,
  `city > 5`,
  `capital = true`,
  `capital < 1`,
  `city GLOB 'z*'`,
  `city GLOB 'Z.rich'`,
  `city GLOB 'ric'`,
  `city GLOB '?[^uü]*'`,
  `city NOT GLOB '*ich'`,
  `population GLOB '4*'`,
  `population NOT GLOB '5*'`,
  `country IN ('Austria')`,
  `country NOT IN ('Switzerland')`,
  `tongues CONTAINS 'g'`,
  `tongues NOT CONTAINS 'de'`,
  `city CONTAINS 'Z'`,
  `city NOT CONTAINS 'Z'`,
  `HAS FIELD mayor`,
  `HAS NOT FIELD city`,
  `geography.continent = 'Asia'`,
  `tongues[0] = 'en'`,
  `tongues[#-1] = 'de'`,
  `tongues[3] = 'de'`,
  `city = 'Zürich' AND (population = 1 OR capital = true)`,
  `(capital = false OR city = 'Bern') AND population = 1`,
])('does not hold: %s', (filter) => {
  expect(parseFilter(filter)(METADATA)).toBe(false)
})

it.each([`mayor = 'x'`, `mayor != 'x'`, `mayor < 1`, `mayor GLOB '*'`, `mayor NOT GLOB 'x'`, `mayor NOT IN ('x')`])(
  'holds neither of a missing field nor of null nor without metadata: %s',
  (filter) => {
    expect(parseFilter(filter)(METADATA)).toBe(false)
    expect(parseFilter(filter.replace('mayor', 'nothing'))(METADATA)).toBe(false)
    expect(parseFilter(filter)(undefined)).toBe(false)
  },
)

it('finds only fields that the metadata itself has', () => {
  expect(parseFilter('HAS FIELD constructor')(METADATA)).toBe(false)
  expect(parseFilter('HAS FIELD tongues.length')(METADATA)).toBe(false)
  expect(parseFilter('HAS FIELD city[0]')(METADATA)).toBe(false)
})

it.each([
  '',
  ' ',
  'city',
  'city =',
  '= 1',
  `city = Zürich`,
  `city = 'Zürich`,
  `city = 'it''s'`,
  `city == 'Zürich'`,
  `city > 'A'`,
  `city NOT = 'Bern'`,
  `city GLOB 5`,
  `city IN 'Zürich'`,
  `city IN ()`,
  `city IN ('a'`,
  `(city = 'Zürich'`,
  `city = 'Zürich')`,
  `city = 'a' AND`,
  `city = 'a' city = 'b'`,
  `1city = 'a'`,
  `tongues[x] = 'de'`,
  `tongues[-1] = 'de'`,
  `tongues[#-0] = 'de'`,
  `tongues[ = 'de'`,
  `tongues. = 'de'`,
  `NOT city = 'Bern'`,
  `city = 'a'; DROP`,
])('is refused: %s', (filter) => {
  expect(() => parseFilter(filter)).toThrow('Invalid filter')
})
