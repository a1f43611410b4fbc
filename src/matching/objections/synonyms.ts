import { list } from '../reading.ts'
import { stem } from './meaning.ts'

/** True of two stems that mean the same in most questions. */
export function synonymous(one: string, other: string): boolean {
  const ours = groups.get(one)
  if (ours === undefined) return false
  const theirs = groups.get(other)
  return theirs !== undefined && ours.some((group) => theirs.includes(group))
}

// From general knowledge of English: the words that questions are reworded with. A bar ends a group; a word may be in
// many.
const lines = `
  password passcode passwd | username login userid | email mail e-mail |
  phone telephone mobile cell cellphone smartphone number | computer pc laptop desktop notebook | tv television |
  movie film flick cinema | picture photo photograph image pic | video clip footage | song track tune music |
  app application software program tool | website site webpage page web | car automobile vehicle auto |
  bike bicycle motorcycle motorbike | house home place residence | apartment flat |
  job work career profession occupation employment |
  firm company business startup corporation organization enterprise industry | boss manager employer supervisor |
  child kid baby toddler son daughter | woman girl lady female women | man guy boy male men | boyfriend partner |
  girlfriend partner | wife spouse partner | husband spouse partner | doctor physician specialist gp pcp |
  drug medicine medication pill med tablet | illness disease sickness condition disorder | pain ache hurt sore |
  stomach belly abdomen tummy abdominal | symptom sign | treatment cure remedy therapy treat | money cash fund dough |
  price cost rate fee charge fare expense | cheap inexpensive affordable budget low-cost | expensive costly pricey |
  buy purchase order get acquire | sell market | method way technique approach strategy procedure process mean |
  step procedure instruction guide tutorial process |
  tip advice suggestion trick hack recommendation idea hint gotcha | recommend suggest advise | reason cause why |
  result consequence effect outcome impact influence | example sample instance | difference distinction differ |
  advantage benefit pro merit plus | disadvantage drawback con downside demerit |
  problem issue trouble error difficulty bug fault | solve fix repair resolve troubleshoot mend cure |
  question query doubt | answer reply response solution | goal aim objective purpose target |
  meaning definition mean define signify denote significance stand | explain describe elaborate clarify explanation |
  compare contrast comparison versus | similar alike same comparable | different various distinct |
  big large huge great massive enormous major giant | small little tiny minor |
  fast quick quickly rapid speedy rapidly soon asap urgent urgently | slow slowly | easy simple effortless |
  hard difficult tough challenging |
  good great best nice top excellent better finest ideal perfect favorite favourite favourable greatest |
  bad worst terrible awful poor horrible | important essential significant crucial key vital main necessary |
  interesting fascinating amazing incredible awesome cool fun exciting | beautiful pretty attractive gorgeous |
  smart intelligent clever bright | dumb stupid | strange weird odd | true real actual genuine actually really |
  correct right proper accurate | wrong incorrect | happy glad joyful | sad unhappy depressed | scary frightening |
  famous popular well-known | new latest recent modern | old ancient aged | current present currently now today |
  main chief primary principal salient | total whole entire complete | start begin commence launch initiate |
  stop quit end cease halt | finish complete end | continue keep proceed |
  make create build produce develop construct generate write form | create set open make register |
  delete remove erase clear deactivate rid uninstall close cancel | cancel undo revoke terminate |
  change modify alter switch adjust edit update convert | improve enhance better increase boost develop strengthen |
  increase raise grow boost gain | reduce decrease lower lessen cut minimize lose | lose drop shed |
  learn study master | teach instruct | prepare preparation study ready | understand comprehend grasp |
  find search look locate seek discover lookup | see view watch observe notice | hear listen |
  show display present list | know tell aware | think believe feel consider opinion view thought | love adore like | be become |
  especially specifically particularly | pursue study |
  want wish like desire need | use utilize employ apply usage | choose select pick | send mail forward dispatch |
  receive get obtain | obtain get acquire gain earn | earn make money income | income salary wage pay earning |
  pay payment | recover retrieve restore reset back | reset change recover | access open enter login log |
  login log sign signin | register signup enroll join registration | travel go visit trip move journey |
  visit see tour | go head fly | return refund back | arrive come reach land | leave depart exit go |
  live reside stay | die death dead pass | kill murder | happen occur take | work function operate run working |
  allow let permit possible | avoid prevent stop | overcome beat conquer defeat cope deal handle manage |
  help assist aid support | protect guard secure | hack crack break | try attempt | talk speak chat communicate |
  ask request inquire | tell inform let | convince persuade | eat consume food diet | fat weight | thin skinny slim |
  city town place | country nation | citizen people population person | government state | president leader head |
  nation country | lawyer attorney | exam test examination paper | college university school institute |
  teacher professor lecturer | student pupil | mark grade score | course class lesson | book novel |
  author writer wrote written | quote saying | picture drawing | trend fashion | world earth globe | universe cosmos |
  god deity | religion faith | war conflict | attack strike | weapon arm | computer machine |
  internet web online network | wifi wireless | connect join link | download get | install setup set |
  configure set setup configuration | setup config | settings preference configuration option | account profile |
  follower subscriber | block ban | post message | share post | hotel stay lodging accommodation |
  restaurant eatery place dining | table reservation seat | book reserve schedule | reservation booking |
  flight flights plane airline | airplane plane aircraft | nearby near close closest nearest |
  schedule timetable showtime time | hours opening | weather forecast temperature | age year old | long duration |
  average mean typical | calculate compute determine measure find | determine know tell |
  convert change turn transform translate | format style | list enumerate | summary summarize summarise |
  type kind sort category | part portion section | feature characteristic property attribute | role function |
  difference similarity | fact thing | benefit useful use | danger risk hazard |
  dangerous harmful risky unsafe hazardous | safe secure | legal allowed lawful | illegal unlawful | free gratis |
  normal common usual ordinary | rare uncommon | often frequently regularly | always forever |
  sometimes occasionally | maybe perhaps | approximately about roughly | us usa america american states |
  uk britain british england english | netherlands dutch holland | usd dollar | inr rs rupee | eur euro | gbp pound |
  fb facebook | insta instagram ig | ms microsoft | js javascript | ts typescript | py python | k8s kubernetes |
  postgres postgresql | db database | repo repository | env environment | info information detail data |
  docs documentation | config configuration | admin administrator | auth authentication authorization | aapl apple |
  corp corporation | sept september | bangalore bengaluru | bombay mumbai | calcutta kolkata | madras chennai |
  stopover layover stop | flight service | start originate begin | put add | film show series movie`

const groups = new Map<string, number[]>()
for (const [group, line] of lines.split('|').entries()) {
  for (const word of new Set(list(line).map(stem))) groups.set(word, [...(groups.get(word) ?? []), group])
}
