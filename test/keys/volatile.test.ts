import { expect, it } from 'vitest'
import { isVolatile } from '../../src/keys/volatile.ts'

it.each([
  // now and today
  'What is the weather in Paris?',
  'How are you today?',
  'What day is it?',
  'What is the date?',
  "What's the time in Tokyo?",
  "What is today's date?",
  'what is todays menu',
  'Is the office open right now?',
  'Who leads the championship now?',
  'As of now, how many members does the EU have?',
  'What are the best movies on Netflix at the moment?',
  'Which plans are currently available?',
  'Will it rain tonight?',
  'Is it going to snow tomorrow in Denver?',
  'Is there traffic on my way to the airport?',
  "What does 'today' mean for our opening hours?",
  // the latest of something
  'What is the latest version of Node.js?',
  'What are the newest features of the app?',
  'Any news about the merger?',
  'What is the most recent iPhone?',
  'Who is the current president of France?',
  "Who's the current champion?",
  'What is the current price of gold?',
  'What is the current interest rate?',
  'What is the current US inflation?',
  'What is the current version of Python?',
  'What is the stock price of Apple?',
  'How much is bitcoin?',
  'What is the exchange rate between USD and EUR?',
  'What are the live scores?',
  // other days
  'What happened in the news yesterday?',
  "Who won yesterday's game?",
  'Who won the match last night?',
  'What movies come out this week?',
  'Are you open this Friday?',
  'Is the library closed next Monday?',
  'Which concerts are there next month?',
  'What happened 2 days ago?',
  'Who was prime minister three years ago?',
  'What has changed a few weeks ago?',
  'What will the tide be in 3 days?',
  'What date will it be 6 days from now?',
  'How many goals has he scored in the last 5 games this season?',
  'How many days until Christmas?',
  // German, French and Spanish
  'Wie ist das Wetter in Berlin?',
  'Welche Termine habe ich heute?',
  'Wer ist der aktuelle Bundeskanzler?',
  'Was kostet das Ticket nächste Woche?',
  'Was geschah vor 3 Tagen?',
  'Wie spät ist es?',
  "Quelle est la météo aujourd'hui ?",
  "Qui est l'actuel premier ministre ?",
  'Que s’est-il passé il y a 2 jours ?',
  'Quels films sortent la semaine prochaine ?',
  'Quel est le taux de change ?',
  '¿Qué tiempo hace en Madrid?',
  '¿Quién es el presidente actual?',
  '¿Qué pasó ayer?',
  '¿Está abierto mañana?',
  '¿Qué pasó hace 3 días?',
])('takes "%s" for a question whose answer changes with time', (question) => {
  expect(isVolatile(question)).toBe(true)
})

it.each([
  '',
  '?!',
  'What is the capital of France?',
  'Can I return shoes within 30 days of delivery?',
  'When do I have to return the form at the latest?',
  'What is the latest date I can cancel?',
  'What is electric current?',
  'What is the difference between alternating current and direct current?',
  'How does a current flow through a wire?',
  'How do I change to my current account?',
  'What is my current working directory in bash?',
  'How do I open a new account?',
  'Who hosts the Today Show?',
  'Is USA Today a newspaper?',
  'Who directed Apocalypse Now?',
  'Who wrote the song Yesterday?',
  'I am feeling under the weather, what helps?',
  'What is weather?',
  'What is the difference between weather and climate?',
  'How do I spot fake news?',
  'How do I become a news anchor?',
  'How do I get the current date in Python?',
  "How do I get yesterday's date in SQL?",
  'Write a function that returns the current time in milliseconds.',
  'How do I undo the most recent commit?',
  "I'm currently using React 17. How do I upgrade?",
  'We recently moved; how do I change our address?',
  'What is the time complexity of quicksort?',
  'What is the date of the Battle of Hastings?',
  'What is a stock price?',
  'How can I learn German in 3 months?',
  'How many hours are there in 3 days?',
  'Is it possible to walk from Rome to Naples in 5 days?',
  'What lived on Earth 65 million years ago?',
  'What do I do in the last year of school?',
  'What does this may cause?',
  'What is the actual size of the screen?',
  'From now on, how should I sign my letters?',
  'Wo finde ich hier die Einstellungen?',
  'Wie sagt man guten Morgen auf Französisch?',
  'Was bedeutet „Strom“?',
  'Quelle est la capitale de la France ?',
  '¿Cómo se dice a las ocho de la mañana en inglés?',
])('does not take "%s" for one', (question) => {
  expect(isVolatile(question)).toBe(false)
})

it.each([
  ['in capitals', 'WHAT IS THE WEATHER?'],
  ['without accents', 'quel temps fait-il, quelle meteo ?'],
  ['in letters composed of several signs', '¿Está abierto man\u0303ana?'],
  ['in full-width letters', 'ｗｅａｔｈｅｒ'],
  ['with a typographic apostrophe', 'Quel jour sommes-nous aujourd’hui ?'],
  ['across lines', 'Who is the\ncurrent\npresident?'],
])('knows its words %s', (_, question) => {
  expect(isVolatile(question)).toBe(true)
})

it.each(['in 1 ', 'current ', 'how many days are there in ', 'last week of ', "i'm currently ", "'", 'é', '\u0301'])(
  'takes no more than its share of time for many times %j',
  (piece) => {
    const timeOf = (length: number) => {
      const text = piece.repeat(length / piece.length)
      const startedAt = performance.now()
      isVolatile(text)
      return performance.now() - startedAt
    }
    timeOf(20_000)
    expect(timeOf(400_000)).toBeLessThan(2_000)
  },
)
