"""Variants of real questions by rule: wordings that ask the same, words exchanged for near ones, and edits that ask something else."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Iterator

from phrasings import LANGUAGES, NUMBERS, PLACES
from wordnet import WordNet

WORDINGS = [  # groups of beginnings that may stand for one another
    ["how do i ", "how can i ", "how do you ", "how to ", "what is the best way to ", "how should i ", "how would one ", "what are the ways to ", "is there a way to "],
    ["what is the meaning of ", "what does it mean by ", "define ", "what is meant by ", "can you explain "],
    ["what is the ", "what's the ", "tell me the ", "can you tell me the ", "do you know the ", "i want to know the "],
    ["what are the ", "tell me the ", "which are the ", "can you list the ", "name the "],
    ["what are some ", "can you give me some ", "which are some ", "name some ", "i am looking for some "],
    ["where can i ", "where do i ", "what is a good place to ", "where could one ", "where to "],
    ["why do ", "what is the reason that ", "why is it that ", "how come "],
    ["how much does it cost to ", "what is the cost to ", "how expensive is it to ", "what is the price to "],
    ["how long does it take to ", "how much time does it take to ", "what is the time it takes to "],
    ["can i ", "is it possible to ", "am i able to ", "is it ok to ", "could i "],
    ["should i ", "is it a good idea to ", "would you advise me to ", "is it worth it to "],
    ["who invented ", "who is the inventor of ", "who came up with "],
    ["when did ", "in what year did ", "what year did ", "at what time did "],
    ["how many ", "what is the number of ", "what number of ", "tell me how many "],
]  # fmt: skip
BEFORE = ["please tell me, ", "i would like to know, ", "hi, ", "quick question: ", "does anyone know ", "in your opinion, ", "hello, "]
AFTER = [" please", " exactly", " these days", ", thanks", " anyway", " in general", " for sure"]
STOP = set("a an the is are was were be do does did how what why when where which who whom whose can could should would will of in on at to for from by "
           "with and or not no i you he she it we they my your his her its our their me this that there have has had if as about into get".split())
NAMES = PLACES + LANGUAGES + [
    "Microsoft", "Google", "Amazon", "Apple", "Facebook", "Obama", "Einstein", "Shakespeare", "Samsung", "Toyota", "Harvard", "Android", "Windows", "Linux",
    "Netflix", "Mozart", "Napoleon", "NASA", "Tesla", "Instagram", "WhatsApp", "YouTube", "Twitter", "Honda", "Nokia", "Disney", "Gandhi", "Lincoln",
]  # fmt: skip
OPENING_NEEDS_NOT = re.compile(r"\b(is|are|was|were|do|does|did|can|could|should|will|would|has|have)\b")


class Variants:
    def __init__(self, net: WordNet, questions: list[str], seed: int) -> None:
        self.net, self.random = net, random.Random(seed)
        self.nouns = set(net.nouns)
        self.met = [word for question in questions for word in question.lower().split() if word in self.nouns and word not in STOP]

    def reworded(self, text: str) -> str | None:
        low = text.lower().rstrip(" ?.!")
        for group in self.random.sample(WORDINGS, len(WORDINGS)):
            for start in group:
                if low.startswith(start):
                    return self.random.choice([other for other in group if other != start]) + low[len(start) :] + "?"
        return self.random.choice(BEFORE) + low + "?" if self.random.random() < 0.5 else low + self.random.choice(AFTER) + "?"

    def exchanged(self, text: str) -> str | None:
        """One or two words for synonyms: how near that is, the teacher knows."""
        words = text.split()
        open_to = [at for at, word in enumerate(words) if self.net.synonyms.get(word.lower()) and word.lower() not in STOP]
        if not open_to:
            return None
        for at in self.random.sample(open_to, min(len(open_to), self.random.choice((1, 1, 2)))):
            words[at] = self.random.choice(sorted(self.net.synonyms[words[at].lower()]))
        return " ".join(words)

    def shortened(self, text: str) -> str | None:
        words = text.split()
        open_to = [at for at, word in enumerate(words) if word.lower() not in STOP and word.isalpha()]
        if len(words) < 5 or len(open_to) < 3:
            return None
        del words[self.random.choice(open_to)]
        return " ".join(words)

    def other_number(self, text: str) -> str | None:
        found = re.search(r"\b\d+\b", text)
        return text[: found.start()] + self.random.choice([n for n in NUMBERS if n != found[0]]) + text[found.end() :] if found else None

    def other_name(self, text: str) -> str | None:
        known = [name for name in NAMES if len(name) > 2 and re.search(rf"\b{re.escape(name)}\b", text, re.I)]
        if known:
            return re.sub(rf"\b{re.escape(known[0])}\b", self.random.choice([name for name in NAMES if name != known[0]]), text, flags=re.I)
        found = list(re.finditer(r"(?<=\w )[A-Z]\w+(?: [A-Z]\w+)*", text))
        return text[: found[-1].start()] + self.random.choice(NAMES) + text[found[-1].end() :] if found else None

    def opposite(self, text: str) -> str | None:
        words = text.split()
        open_to = [at for at, word in enumerate(words) if self.net.antonyms.get(word.lower()) and word.lower() not in STOP]
        if not open_to:
            return None
        at = self.random.choice(open_to)
        words[at] = self.random.choice(sorted(self.net.antonyms[words[at].lower()]))
        return " ".join(words)

    def negated(self, text: str) -> str | None:
        found = OPENING_NEEDS_NOT.search(text.lower())
        return text[: found.end()] + " not" + text[found.end() :] if found and " not " not in text else None

    def other_noun(self, text: str) -> str | None:
        words = text.split()
        open_to = [at for at, word in enumerate(words) if word.lower() in self.nouns and word.lower() not in STOP]
        if not open_to:
            return None
        words[self.random.choice(open_to)] = self.random.choice(self.met)
        return " ".join(words)

    def of(self, texts: Iterable[str]) -> Iterator[dict[str, str]]:
        for text in texts:
            edits: list[Callable[[str], str | None]] = [self.other_number, self.opposite, self.negated, self.other_name, self.other_noun, self.other_noun]
            made = {
                "same": self.reworded(text) if self.random.random() < 0.6 else None,
                "near": (self.exchanged if self.random.random() < 0.7 else self.shortened)(text),
                "other": next(filter(None, (edit(text) for edit in self.random.sample(edits, len(edits)))), None),
            }
            kept = {name: other for name, other in made.items() if other and other.lower() != text.lower()}
            if kept:
                yield {"text": text, **kept}
