/**
 * True of a question whose answer changes with time itself: it asks about now, today or the latest of something. Knows
 * the commonest words for that in English, German, French and Spanish; says no when in doubt about a single word, such
 * as "new" or "current".
 */
export function isVolatile(question: string): boolean {
  const words = [...wordsOf(question), END]
  const signs = placesOf(words, VOLATILE)
  if (signs.length === 0) return false

  const lookalikes = LOOKALIKES.filter(({ when }) => !when || placesOf(words, when).length > 0)
  const harmless = new Set(lookalikes.flatMap(({ phrases }) => placesOf(words, phrases).flat()))
  return signs.some((places) => !places.some((place) => harmless.has(place)))
}

/** In lower case, without accents; what an apostrophe or a hyphen joins are two words, and all numbers are one. */
function wordsOf(text: string): string[] {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
  return Array.from(plain.matchAll(/\p{L}+|\p{N}+/gu), ([word]) => (/^\p{N}/u.test(word) ? '#' : word))
}

/** For each of the phrases that is there, the places of its words. */
function placesOf(words: readonly string[], phrases: Phrases): number[][] {
  return words.flatMap((word, at) =>
    (phrases.get(word) ?? [])
      .filter((phrase) => phrase.every((choices, nth) => choices.has(words[at + nth] ?? '')))
      .map((phrase) => phrase.map((_, nth) => at + nth)),
  )
}

/** A choice of words for each place, by every word that it can begin with. */
type Phrases = ReadonlyMap<string, readonly (readonly ReadonlySet<string>[])[]>

/** Reads phrases, a comma between any two: `a|b` is a choice, a name in capitals stands for a list. */
function phrases(written: string): Phrases {
  const byFirst = new Map<string, ReadonlySet<string>[][]>()
  for (const phrase of written.split(/[,\n]/).map((text) => text.trim())) {
    if (phrase === '') continue
    const places = phrase.split(/\s+/).map((place) => new Set(place.split('|').flatMap(choice)))
    for (const first of places[0]!) byFirst.set(first, [...(byFirst.get(first) ?? []), places])
  }
  return byFirst
}

function choice(written: string): readonly string[] {
  return written === END ? [END] : (LISTS[written] ?? wordsOf(written))
}

/** Stands after the last word. */
const END = '$'

const LISTS: Readonly<Record<string, readonly string[]>> = {
  NUMBER: wordsOf(`1 one two three four five six seven eight nine ten twelve few couple several
    zwei drei vier fünf sechs sieben zehn deux trois quatre cinq sept dix dos tres cuatro cinco siete diez`),
  UNIT: wordsOf(`second seconds minute minutes hour hours day days week weeks month months year years
    minuten stunde stunden tag tage tagen woche wochen monat monate monaten jahr jahre jahren
    heure heures jour jours semaine semaines mois ans minuto minutos hora horas día días semana semanas mes meses años`),
  SPAN: wordsOf('week weekend month quarter year season morning afternoon evening'),
  DAY: wordsOf(`monday tuesday wednesday thursday friday saturday sunday
    montag dienstag mittwoch donnerstag freitag samstag sonntag lundi mardi mercredi jeudi vendredi samedi dimanche
    lunes martes miércoles jueves viernes sábado domingo`),
  MONTH: wordsOf('january february april june july august september october november december'),
  /** Of what there is a current one today and another tomorrow; of electricity, and of directories, there is not. */
  CHANGING: wordsOf(`price prices value cost rate rates exchange interest inflation unemployment mortgage market stock
    president minister prime chancellor king queen pope ceo cto cfo chairman head leader governor mayor senator
    speaker owner coach manager captain champion champions holder government administration population score scores
    standings ranking rankings record weather temperature forecast traffic news events situation status version release
    affairs trends date time day year month season`),
  ASSET: wordsOf('bitcoin btc ethereum eth crypto gold silver oil crude gas petrol diesel'),
}

const VOLATILE = phrases(`
  today|todays, tonight, tomorrow|tomorrows, yesterday|yesterdays, nowadays, currently, recently, latest, newest
  weather, news, the headlines, headline news, is|s trending, trending now|on
  right now, just now, as of now, open now, now $, UNIT from now, at the moment, at present, at this moment, these days
  most recent, this|next|last|past|coming SPAN|DAY|MONTH, last night, next few UNIT
  in the next|last|past|coming NUMBER UNIT
  UNIT ago, in NUMBER UNIT, UNIT until|till, long until|till, so far this, up to now, until now
  who is|s|are the current|incumbent, current CHANGING, current us|uk|world|global|average CHANGING
  what time|day|date|year is it, what time|day|date|year it is, what is|s the date|time $|in|now|there|please
  whats the date|time $|in|now|there|please, what the date|time is, is|s the time in
  tell|give me the date|time $|in|now|please, is it still open, are they still open
  the forecast, the temperature outside|in, going to rain|snow, will it rain|snow, be sunny|cloudy|windy|rainy|snowy
  traffic like, the traffic, is|s traffic, is there traffic, bad is traffic
  stock|share price|prices, closing price, stock|shares worth|doing|trading, trading at, ASSET price|prices
  price|prices of ASSET, how much is ASSET, exchange rate|rates between|from|of|to, is|s|are the exchange rate|rates
  live score|scores, back in stock

  heute, heutige|heutigen|heutiger|heutiges, gestern, morgen, übermorgen, vorgestern, jetzt, derzeit, momentan, zurzeit
  zur zeit, im moment, im augenblick, aktuell|aktuelle|aktuellen|aktueller|aktuelles, neueste|neuesten|neuester|neuestes
  neuste|neusten, wetter, aktienkurs, wechselkurs, wie spät ist es, wie viel uhr
  diese|dieser|nächste|nächster|letzte|letzter|kommende woche, diesen|nächsten|letzten|kommenden monat|DAY
  dieses|nächstes|letztes|kommendes jahr|wochenende, vor NUMBER|einem|einer UNIT

  aujourd hui, demain, maintenant, avant hier, d hier, hier soir|matin|à, en ce moment, à l heure actuelle, actuellement
  actuel|actuelle|actuels|actuelles, cette semaine|année|nuit, ce mois|soir|matin|week, météo, il y a NUMBER|un|une UNIT
  semaine|année prochaine|dernière, mois|an|DAY prochain|dernier, dans NUMBER UNIT, quelle heure est, quel temps fait
  dernière version, dernières nouvelles|actualités, cours de l action, taux de change

  hoy, ayer, mañana, anoche, ahora, actualmente, el|la|los|las actual|actuales, precio|presidente|presidenta actual
  en este momento, hoy en día, esta semana|noche|tarde, este mes|año|DAY, semana|año|mes|DAY que viene, semana pasada
  mes|año|DAY pasado, próxima semana, próximo mes|año|DAY, hace NUMBER|un|una UNIT, en NUMBER UNIT, dentro de NUMBER UNIT
  qué hora es, qué tiempo hace, pronóstico del tiempo, última versión, últimas noticias, tipo de cambio
`)

/** What is no sign of time at all, at least in questions where `when` is found. */
const LOOKALIKES: readonly { readonly when?: Phrases; readonly phrases: Phrases }[] = [
  {
    phrases: phrases(`
      at the latest, at latest, latest possible, latest date|time|day|point i|we|you, latest commit, most recent commit
      i|we currently|recently, i|we am|m|are|re|have|ve|had|was|were currently|recently
      today show, usa today, psychology today, tonight show, last week tonight, yesterday by, song yesterday
      tomorrow never dies, edge of tomorrow, apocalypse now, fox|hacker|fake|good|bad|great news
      news article|articles|anchor|reporter|channel|channels|agency|app|site|feed|website|paper|papers
      under the weather, weather resistant|proof|station|stations|vane|balloon|balloons|app|system|systems|channel
      weather and|vs|or climate, climate and|vs|or weather, what is|s weather $, weather related
      million|billion|thousand|hundred years ago, thousands|hundreds|millions|billions of years ago, long time ago
      last week|month|season|quarter|year of, a stock|share price, temperature in celsius|fahrenheit|kelvin|degrees
      guten morgen, am morgen, jeden morgen, por|de|en la mañana, cada mañana
    `),
  },
  {
    // How long may be asked of what is done at any time.
    when: phrases('how can|could|do|does|to|should|would|many|much|far|long, can|could i|we|you|one|a, possible'),
    phrases: phrases('in NUMBER UNIT'),
  },
  {
    // Code is written for whatever the time will be.
    when: phrases(`python|javascript|js|typescript|java|kotlin|swift|php|ruby|perl|bash|shell|powershell|sql|mysql|postgres
      postgresql|sqlite|oracle|mongodb|excel|vba|pandas|react|angular|django|laravel|regex|linux|unix|cron|code|api
      function|script|query|formula|method|variable`),
    phrases: phrases(`
      current date|time|day|year|month|value|status|record, today|yesterday|tomorrow s date, todays|yesterdays date
      latest date|time|record|row|value|entry, most recent date|record|row|value|entry, weather api
    `),
  },
]
