"""Questions made by rule: ways to ask one thing, and the things to ask about.

Every group of FRAMES holds ways to ask the same question, so two fillings of one group with the same slots
are positives, and the same frame with another slot is a hard negative.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from typing import NamedTuple

FRAMES: list[tuple[str, list[str]]] = [
    ("doing", ["How do I {do}?", "How can I {do}?", "What is the best way to {do}?", "What's the easiest way to {do}", "how to {do}",
               "I want to {do}, how?", "Can you tell me how to {do}?", "Is there a way to {do}?", "What should I do to {do}?",
               "I need help to {do}", "steps to {do}", "Please explain how to {do}.", "Is it possible to {do}?", "I'd like to {do}"]),
    ("doing", ["Why can't I {do}?", "I am unable to {do}", "I can't {do}, what is wrong?", "What could stop me from being able to {do}?",
               "Why am I not able to {do}?", "It won't let me {do}"]),
    ("doing", ["How long does it take to {do}?", "how much time will it take to {do}", "How many days do I need to {do}?",
               "What is the time needed to {do}?"]),
    ("doing", ["Should I {do}?", "Is it a good idea to {do}?", "Do you recommend that I {do}?", "Is it worth it to {do}?"]),
    ("doing", ["How much does it cost to {do}?", "What is the price to {do}?", "what are the charges to {do}", "Is it expensive to {do}?"]),
    ("doing", ["Where can I {do}?", "What is the best place to {do}?", "where do people {do}"]),
    ("doing", ["Can I {do} {when}?", "Am I allowed to {do} {when}?", "Is it OK to {do} {when}?", "Is it fine if I {do} {when}?"]),
    ("doing", ["What happens if I {do}?", "What are the consequences if I {do}?", "what will happen when I {do}"]),
    ("doing", ["What do I need in order to {do}?", "What are the requirements to {do}?", "what is required to {do}"]),
    ("doing", ["How do I {do} {where}?", "What's the way to {do} {where}?", "is there any option to {do} {where}",
               "{where}, how can I {do}?"]),
    ("thing", ["What is {a}?", "What's the meaning of {n}?", "Define {n}", "What does {n} mean?", "Can you explain what {a} is?",
               "tell me about {n}"]),
    ("thing", ["What is {a} used for?", "What are the uses of {a}?", "What is the purpose of {a}?", "why would I use {a}"]),
    ("thing", ["Which {n} is the best?", "What is the best {n}?", "What's the top {n}?", "Can you recommend a good {n}?",
               "best {n} to buy", "Which {n} should I choose?"]),
    ("thing", ["How does {a} work?", "What is the working principle of {a}?", "Explain how {a} works", "how is {a} made to work"]),
    ("thing", ["How do I choose {a}?", "What should I look for in {a}?", "tips for choosing {a}", "What should I consider when I pick {a}?"]),
    ("thing", ["How much does {a} cost?", "What is the price of {a}?", "what do people pay for {a}", "How expensive is {a}?"]),
    ("thing", ["How do you make {a}?", "What is the way to make {a}?", "How can I build {a} myself?", "how is {a} made"]),
    ("thing", ["What are the advantages of {a}?", "What are the benefits of {a}?", "Why is {a} good?", "what are the pros of {n}"]),
    ("thing", ["What are the disadvantages of {a}?", "What are the drawbacks of {a}?", "Why is {a} bad?", "what are the cons of {n}"]),
    ("thing", ["What are some examples of {n}?", "Can you give me examples of {n}?", "list a few kinds of {n}", "What types of {n} are there?"]),
    ("thing", ["Who invented the {n}?", "Who was the inventor of the {n}?", "the {n} was invented by whom"]),
    ("thing", ["When was the first {n} made?", "In what year was the first {n} created?", "how old is the first {n}"]),
    ("thing", ["What causes {n}?", "What is the cause of {n}?", "Why does {n} happen?", "What are the reasons for {n}?"]),
    ("thing", ["How can I get rid of {n}?", "How do I remove {n}?", "What is the best way to get rid of {n}?", "how to stop {n}"]),
    ("two", ["What is the difference between {a} and {b}?", "How does {a} differ from {b}?", "How is {a} different from {b}?",
             "{n} vs {m}", "What distinguishes {a} from {b}?", "What are the differences between {a} and {b}?"]),
    ("two", ["Which is better, {a} or {b}?", "Is {a} better than {b}?", "Should I get {a} or {b}?", "{a} or {b}, which one is better"]),
    ("two", ["Can I use {a} instead of {b}?", "Can {a} replace {b}?", "Is it possible to replace {b} with {a}?"]),
    ("two", ["How do I convert {n} to {m}?", "How can I turn {n} into {m}?", "what is the way to change {n} into {m}"]),
    ("two", ["What is the relationship between {a} and {b}?", "How are {a} and {b} related?", "what connects {n} with {m}"]),
    ("place", ["What is the weather like in {p}?", "How is the weather in {p}?", "what's the forecast for {p}", "weather in {p}"]),
    ("place", ["What are the best places to visit in {p}?", "What should I see in {p}?", "Which places are must see in {p}?",
               "top tourist attractions in {p}"]),
    ("place", ["What is it like to live in {p}?", "How is life in {p}?", "How does it feel to live in {p}?"]),
    ("place", ["How do I get a visa for {p}?", "What is the process to get a visa for {p}?", "how to apply for a {p} visa"]),
    ("place", ["What is the capital of {p}?", "Which city is the capital of {p}?", "{p} capital city"]),
    ("place", ["How many people live in {p}?", "What is the population of {p}?", "population of {p}"]),
    ("place", ["Which {n} is the best in {p}?", "What is the best {n} in {p}?", "Where can I find a good {n} in {p}?"]),
    ("route", ["How do I get from {p} to {q}?", "What is the best way to travel from {p} to {q}?", "how can I reach {q} from {p}"]),
    ("route", ["Book a flight from {p} to {q}", "I need a flight from {p} to {q}", "find me flights to {q} from {p}"]),
    ("route", ["How far is {p} from {q}?", "What is the distance between {p} and {q}?", "distance from {p} to {q}"]),
    ("amount", ["How many {u} are in {k} {v}?", "{k} {v} is how many {u}?", "convert {k} {v} to {u}", "What is {k} {v} in {u}?"]),
    ("amount", ["How do I lose {k} pounds in {j} months?", "What is the best way to lose {k} pounds in {j} months?",
                "how can I drop {k} pounds within {j} months"]),
    ("amount", ["What laptop should I buy under {k} dollars?", "Which is the best laptop below {k} dollars?", "best laptop under ${k}"]),
    ("person", ["How do I become {w}?", "What does it take to become {w}?", "What should I do to become {w}?", "how can one be {w}",
                "What are the steps to becoming {w}?"]),
    ("person", ["How much does {w} earn?", "What is the salary of {w}?", "What do you get paid as {w}?", "how much money does {w} make"]),
    ("person", ["What is it like to be {w}?", "How does it feel to be {w}?", "what's the life of {w} like"]),
    ("health", ["What are the symptoms of {d}?", "How do I know if I have {d}?", "What are the signs of {d}?", "symptoms of {d}"]),
    ("health", ["How is {d} treated?", "What is the treatment for {d}?", "What can I do to treat {d}?", "how can I cure {d}", "is there a remedy for {d}"]),
    ("health", ["What causes {d}?", "Why do people get {d}?", "What is the reason for {d}?", "how does one get {d}"]),
    ("health", ["Is {d} contagious?", "Can {d} spread to other people?", "can I catch {d} from someone"]),
    ("health", ["How can I prevent {d}?", "What should I do to avoid {d}?", "ways of preventing {d}"]),
    ("health", ["Can I take {r} for {d}?", "Does {r} help with {d}?", "Is {r} good for {d}?", "will {r} relieve {d}"]),
    ("health", ["What are the side effects of {r}?", "Does {r} have any side effects?", "What harm can {r} do?"]),
    ("health", ["Can I take {r} while pregnant?", "Is {r} safe during pregnancy?", "should pregnant women use {r}"]),
    ("health", ["How much {r} should I take?", "What is the right dose of {r}?", "what dosage of {r} is safe"]),
    ("code", ["How do I {c} in {l}?", "What is the best way to {c} in {l}?", "{l}: how to {c}", "how can I {c} using {l}",
              "Is there a way to {c} in {l}?", "{c} in {l}"]),
    ("code", ["Is {l} better than {t}?", "Should I learn {l} or {t}?", "{l} vs {t}, which is better?", "Which one should I learn, {t} or {l}?"]),
    ("code", ["How do I learn {l}?", "What is the best way to learn {l}?", "How should I start learning {l}?", "good resources for learning {l}"]),
    ("code", ["How do I install {l}?", "how can I set up {l} on my machine", "What are the steps for installing {l}?"]),
    ("code", ["Why is my {l} code so slow?", "How can I make my {l} program faster?", "speed up {l} code"]),
]

DOINGS: list[tuple[str, str]] = [  # verbs | objects, one domain a line
    ("reset change recover update remember forget", "my password|my PIN|my username|my security question|my email password|my login"),
    ("change update edit delete add verify confirm remove", "my email address|my phone number|my name on the account|my profile picture|my billing address|my personal details"),
    ("open close delete deactivate reactivate lock unlock upgrade merge share", "my account|a savings account|a joint account|my business account|my old account"),
    ("cancel renew pause upgrade downgrade stop start", "my subscription|my membership|my free trial|my plan|auto renewal|my order"),
    ("track return exchange cancel replace change receive review", "my order|my package|an item|a damaged product|a gift|my delivery"),
    ("get request claim check cancel", "a refund|a receipt|an invoice|a discount|a voucher|compensation|an extension"),
    ("activate block freeze replace report order link use", "my card|a lost card|a stolen card|a new debit card|a virtual card|my credit card|a gift card"),
    ("transfer withdraw deposit send receive exchange add save invest borrow", "money|cash|funds|euros|a large amount|foreign currency|bitcoin"),
    ("check see increase lower improve find", "my balance|my credit limit|my credit score|my transaction history|my interest rate|the exchange rate|my statement"),
    ("dispute cancel see understand stop", "a charge|a payment|a direct debit|a transfer|a duplicate transaction|a pending payment|an extra fee"),
    ("book cancel change find reschedule confirm", "a flight|a hotel room|a table|a train ticket|a rental car|an appointment|a tour|my reservation"),
    ("apply for renew get lose replace check", "a visa|a passport|a driving licence|a work permit|a mortgage|a loan|a scholarship|insurance|a credit card"),
    ("set cancel change turn off snooze", "an alarm|a timer|a reminder|a meeting|notifications|the lights|the thermostat|location sharing"),
    ("install update remove uninstall download open run restart", "an app|the software|a plugin|Windows|the latest version|a driver|an extension|the browser"),
    ("recover delete back up share move copy rename encrypt print", "my files|deleted photos|an email|a folder|my contacts|a document|my messages|a video"),
    ("send forward filter schedule unsend archive search block", "an email|an attachment|spam|a message|old emails|a newsletter"),
    ("fix repair clean replace buy sell charge", "my phone|my laptop|a cracked screen|the battery|my car|the dishwasher|a printer|a bicycle|a camera"),
    ("connect sync pair share secure", "my phone to my computer|Bluetooth headphones|the wifi|a printer|two monitors|my calendar"),
    ("lose gain maintain control reduce measure", "weight|muscle|belly fat|blood pressure|blood sugar|stress|anxiety|cholesterol"),
    ("cook bake make store freeze reheat", "rice|a cake|pasta|chicken|bread|eggs|steak|soup|coffee|pizza|vegetables"),
    ("learn practise teach improve master", "English|to play the guitar|mathematics|Spanish|to swim|programming|to drive|my handwriting|chess|public speaking"),
    ("start grow sell promote fund register", "a business|a blog|a YouTube channel|a company|an online store|a podcast|a charity"),
    ("find get quit change lose prepare for", "a job|an internship|a better job|an interview|a promotion|a mentor"),
    ("get over forget meet ask out impress", "my ex|a girl|a boy|my crush|new people|a breakup|my best friend"),
    ("stop start avoid quit overcome", "smoking|drinking|overthinking|procrastinating|snoring|biting my nails|being lazy|eating sugar|gambling"),
    ("write publish translate read summarise print", "a book|a cover letter|a poem|an essay|a resume|a letter of complaint|an article|a speech"),
    ("grow water plant prune kill", "tomatoes|roses|a lawn|herbs|weeds|an apple tree|indoor plants"),
    ("pay file calculate reduce avoid check", "my taxes|my bill|the rent|income tax|student loans|a parking ticket|customs duty"),
    ("watch download stream record play", "movies|music|a football match|TV shows|games|a podcast|videos offline"),
    ("train feed adopt wash walk", "a puppy|a cat|my dog|a rabbit|a parrot"),
]
WHEN = "at night|every day|while driving|abroad|before eating|without permission|on weekends|during the trial|twice|after the deadline".split("|")
WHERE = "on Android|on my iPhone|in Windows|on a Mac|online|in the app|from my phone|at home|in Gmail|on Facebook|without internet|in Excel|on Linux|by phone".split("|")
PEOPLE = ("a doctor|a lawyer|a pilot|a software engineer|a data scientist|an actor|a teacher|a nurse|a writer|a police officer|an architect|a chef|"
          "a journalist|a photographer|an accountant|a scientist|a professional gamer|an investor|a good leader|a millionaire|a model|a dentist").split("|")
REMEDIES = ("ibuprofen|aspirin|paracetamol|amoxicillin|vitamin D|melatonin|metformin|insulin|ginger|honey|steroids|omeprazole|antibiotics|"
            "green tea|prednisone|zinc|magnesium|fish oil|caffeine|naproxen|penicillin|iron tablets").split("|")
AILMENTS = ("a headache|a cold|the flu|back pain|acne|diabetes|asthma|depression|a sore throat|migraine|high blood pressure|insomnia|anemia|arthritis|"
            "a fever|a cough|kidney stones|pneumonia|an ear infection|allergies|heartburn|nausea|eczema|hair loss|a rash|toothache|hepatitis|"
            "measles|chest pain|obesity|food poisoning|an ulcer|gout|vertigo|a urinary tract infection|dry skin|a swollen ankle|knee pain").split("|")
CODE = ("sort a list|read a file|parse JSON|reverse a string|connect to a database|send an HTTP request|write to a file|handle errors|"
        "create a class|loop over a map|merge two arrays|remove duplicates from a list|convert a string to an integer|generate a random number|"
        "format a date|run code in parallel|write unit tests|split a string|find the maximum value|check if a file exists|make a web server|"
        "copy an object|round a number|cache results|upload a file|validate an email address|concatenate strings|undo the last commit|log messages").split("|")
LANGUAGES = "Python|JavaScript|Java|C++|Go|Rust|TypeScript|Ruby|PHP|C#|Kotlin|Swift|R|SQL|Bash|React|Node.js|Django|Docker|Git|MATLAB|Perl|Scala|Haskell".split("|")
UNITS = "meters|feet|miles|kilometers|pounds|kilograms|liters|gallons|euros|dollars|minutes|seconds|inches|grams|ounces|hours|days|rupees|bytes|cups".split("|")
NUMBERS = "2|3|5|7|10|12|15|20|25|30|50|60|75|100|150|200|250|300|400|500|700|1000|1500|2000|5000|10000".split("|")
PLACES = ("London|Paris|Tokyo|New York|India|Germany|Canada|Australia|Japan|China|Brazil|Italy|Spain|Mexico|Delhi|Mumbai|Bangalore|Chicago|Boston|"
          "San Francisco|Los Angeles|Berlin|Rome|Madrid|Singapore|Dubai|Hong Kong|Seoul|Bangkok|Sydney|Toronto|Texas|California|Florida|France|Russia|"
          "Turkey|Egypt|Nigeria|Kenya|South Africa|Sweden|Norway|Finland|Poland|Greece|Portugal|Ireland|Scotland|Switzerland|Austria|the Netherlands|"
          "Pakistan|Bangladesh|Indonesia|Malaysia|Vietnam|Thailand|Argentina|Chile|Peru|Colombia|Iran|Israel|Ukraine|the US|the UK|Europe|Seattle|Denver").split("|")


class Asked(NamedTuple):
    """One question in two wordings, and a third that looks alike and asks something else."""

    first: str
    second: str
    other: str


def with_article(noun: str) -> str:
    return noun if noun.split(" ")[0] in {"a", "an", "the", "my"} else ("an " if noun[0] in "aeiou" else "a ") + noun


class Questions:
    """Random questions from FRAMES over handwritten slots, a dictionary's nouns and its short glosses of verbs."""

    def __init__(self, seed: int, nouns: list[str], deeds: list[str], ailments: list[str]) -> None:
        self.random = random.Random(seed)
        self.nouns = nouns
        self.deeds = deeds
        self.ailments = AILMENTS + ailments
        self.doings = [(re.findall(r"\w+ (?:for|off|over|out)\b|\w+", verbs), objects.split("|")) for verbs, objects in DOINGS]

    def doing(self) -> str:
        if self.random.random() < 0.3:
            return self.random.choice(self.deeds)
        verbs, objects = self.random.choice(self.doings)
        return f"{self.random.choice(verbs)} {self.random.choice(objects)}"

    def slots(self) -> dict[str, str]:
        pick = self.random.choice
        noun, more = pick(self.nouns), pick(self.nouns)
        return {
            "do": self.doing(), "when": pick(WHEN), "where": pick(WHERE),
            "n": noun, "a": with_article(noun), "m": more, "b": with_article(more),
            "p": pick(PLACES), "q": pick(PLACES), "u": pick(UNITS), "v": pick(UNITS), "k": pick(NUMBERS), "j": pick(NUMBERS[:8]),
            "w": pick(PEOPLE), "d": pick(self.ailments if self.random.random() < 0.3 else AILMENTS), "r": pick(REMEDIES),
            "c": pick(CODE), "l": pick(LANGUAGES), "t": pick(LANGUAGES),
        }  # fmt: skip

    def near_slots(self, slots: dict[str, str], frame: str) -> dict[str, str]:
        """The same slots with one of those the frame shows changed; a doing keeps its verb or its object half the time."""
        shown = re.findall(r"\{(\w+)\}", frame)
        name = self.random.choice(shown)
        other = self.slots()
        if name == "do":
            kept = [(verbs, objects) for verbs, objects in self.doings for thing in objects if slots["do"].endswith(" " + thing)]
            if kept and self.random.random() < 0.7:
                verbs, objects = self.random.choice(kept)
                verb, thing = next((verb, slots["do"][len(verb) + 1 :]) for verb in [slots["do"].split(" ")[0]])
                other["do"] = (f"{self.random.choice(verbs)} {thing}" if self.random.random() < 0.5 else f"{verb} {self.random.choice(objects)}")
        linked = {"n": "na", "a": "na", "m": "mb", "b": "mb"}.get(name)
        return slots | {key: other[key] for key in (linked or [name])}

    def __iter__(self) -> Iterator[Asked]:
        while True:
            _, frames = self.random.choice(FRAMES)
            slots = self.slots()
            first, second = self.random.sample(frames, 2)
            near = self.near_slots(slots, first)
            asked = Asked(first.format(**slots), second.format(**slots), first.format(**near))
            if len({text.lower() for text in asked}) == 3 and not {" the the ", " a a "} & set(asked):
                yield asked
