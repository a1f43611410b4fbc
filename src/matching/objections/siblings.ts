import { list } from '../reading.ts'
import { stem } from './meaning.ts'

/** The kinds of a stem, as numbers; words that say the same of their kind have the same place in it. */
export const kindsOf = (stem: string): readonly Kin[] => kin.get(stem) ?? []

export interface Kin {
  readonly kind: number
  readonly place: number
}

// From general knowledge of English. A line for each kind, of which nothing can be two at once; words joined by a slash
// say the same.
const kinds = `
  red blue green yellow orange purple pink brown black white grey/gray
  breakfast lunch dinner/supper brunch
  mercury venus mars jupiter saturn uranus neptune pluto
  python java javascript/js typescript/ts ruby rust golang kotlin swift scala perl php haskell c c++ c# matlab lua elixir
  bash zsh fish powershell cmd
  chrome firefox safari edge opera brave
  windows mac/macos/osx linux ios android ubuntu debian fedora centos
  mysql/mariadb postgres/postgresql sqlite mongodb/mongo redis cassandra oracle elasticsearch dynamodb snowflake bigquery
  aws azure gcp heroku vercel netlify
  npm pnpm yarn bun pip conda poetry cargo maven gradle brew/homebrew apt
  react angular vue svelte jquery django flask rails laravel express
  kafka rabbitmq nats sqs
  docker podman kubernetes/k8s
  nginx apache caddy haproxy
  eslint prettier tsconfig webpack vite babel rollup
  git svn
  github gitlab bitbucket
  intel amd nvidia arm
  google bing duckduckgo yahoo
  facebook/fb instagram/insta twitter snapchat tiktok linkedin whatsapp telegram youtube reddit pinterest quora tinder
  gmail outlook hotmail
  netflix hulu spotify deezer pandora itunes tidal soundcloud
  iphone ipad macbook ipod pixel blackberry
  samsung xiaomi huawei nokia motorola oneplus htc sony lg lenovo dell hp asus acer apple
  toyota honda ford bmw audi mercedes tesla nissan hyundai kia volkswagen volvo mazda
  visa mastercard amex
  paypal venmo stripe zelle
  delta american united continental lufthansa ryanair emirates southwest alaska
  chatgpt claude gemini copilot llama mistral
  json xml yaml csv html pdf markdown toml
  png jpg/jpeg gif svg webp
  mp3 mp4 wav avi mkv flac
  http https ftp ssh smtp tcp udp grpc graphql websocket
  get post put delete
  christianity/christian islam/muslim/islamic hinduism/hindu buddhism/buddhist judaism/jewish sikhism/sikh
  football/soccer basketball baseball cricket tennis golf hockey rugby volleyball boxing swimming chess
  guitar piano violin drum flute trumpet cello saxophone ukulele
  rock jazz pop metal gospel soul blues reggae techno country classical folk hiphop punk disco funk latin opera
  horror comedy romance thriller drama documentary western
  dog cat rabbit hamster horse cow pig goat sheep chicken duck parrot snake lizard turtle
  lion tiger elephant bear wolf fox monkey giraffe zebra
  beef pork lamb mutton fish turkey shrimp tofu
  apple banana orange mango grape strawberry pineapple watermelon peach pear cherry lemon
  tea coffee milk juice beer wine whisky/whiskey vodka rum
  rice pasta bread potato noodle
  head neck shoulder arm elbow wrist hand finger chest back hip leg knee ankle foot toe
  eye ear nose mouth tooth/teeth tongue throat
  heart lung liver kidney brain stomach/belly bladder pancreas
  diabetes cancer asthma malaria dengue influenza/flu hiv pneumonia hepatitis
  physics chemistry biology mathematics/math/maths history geography economics philosophy psychology
  bachelor master phd mba
  passport visa license/licence
  password username email pin
  mother/mom/mum father/dad
  brother sister cousin uncle aunt nephew niece grandfather grandmother
  wedding birthday funeral anniversary graduation
  car bus train plane bike/bicycle truck boat taxi
  gold silver bronze copper iron steel aluminium/aluminum platinum
  circle square triangle rectangle cube sphere cylinder
  oxygen hydrogen nitrogen carbon helium chlorine sodium potassium calcium
  aries taurus cancer leo virgo libra scorpio sagittarius capricorn aquarius pisces
  sum product quotient
  derivative integral
  synonym antonym
  mean median mode
  noun verb adjective adverb
  singular plural
  hardware software
  ethernet wifi/wi-fi bluetooth usb
  ram cpu gpu ssd
  spring summer autumn/fall winter
  north south east west
  snow/snowy rain/rainy sunny cloudy windy foggy
  christmas easter halloween thanksgiving diwali ramadan
  library museum pharmacy hospital bank school church
  first-class business-class economy-class
  dollar euro pound yen rupee
  english french german spanish italian portuguese dutch russian polish turkish arabic hebrew hindi urdu tamil chinese
    japanese korean vietnamese thai greek latin swedish
  france germany spain italy england/uk/britain usa/us/america canada mexico brazil india china japan russia australia
    pakistan nepal bangladesh egypt nigeria kenya turkey iran iraq israel greece sweden norway denmark finland poland
    ireland netherlands belgium switzerland austria portugal ukraine vietnam thailand indonesia malaysia singapore
    philippines argentina chile peru colombia
  london paris berlin madrid rome vienna amsterdam moscow tokyo beijing shanghai delhi mumbai bangalore chennai hyderabad
    kolkata pune sydney melbourne toronto vancouver montreal boston chicago dallas denver atlanta seattle houston
    philadelphia phoenix detroit miami baltimore pittsburgh oakland cleveland memphis nashville charlotte dublin dubai
  california texas florida ohio illinois georgia michigan virginia arizona colorado oregon nevada utah alabama kentucky
    louisiana maryland massachusetts minnesota missouri tennessee wisconsin`

const kin = new Map<string, Kin[]>()
for (const [kind, line] of kinds
  .trim()
  .split(/\n {2}(?! )/)
  .entries()) {
  for (const [place, forms] of list(line).entries()) {
    for (const form of forms.split('/').map(stem)) kin.set(form, [...(kin.get(form) ?? []), { kind, place }])
  }
}
