"""Questions put together from parts of real ones, so that near ones abound whose nearness the teacher knows and a bag of words does not."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Iterator

from frames import (COMMON_VERBS, CONDITIONS, DEED_FRAMES, DISEASES, DRUGS, LEADS, PATIENT_FRAMES, QUALITY_FRAMES, SYMPTOMS, TAILS,
                    THING_FRAMES, WORD_FRAMES)  # fmt: skip
from phrasings import AILMENTS, PEOPLE, REMEDIES
from variants import STOP, Variants
from wordnet import WordNet

DEED = re.compile(
    r"^(?:how (?:do|can|could|should|would) (?:i|you|we|one|people)|how to|can (?:i|you)|should (?:i|you)|is it possible to|what is the best way to|"
    r"where can (?:i|you)|unable to|cannot|can't|i want to|is there (?:a|any) way to|why can't i|do i need to|how long does it take to|"
    r"how much does it cost to) (?:actually |please |safely |properly |best )?((?!i |you |my )[a-z]+ .{3,60})$"
)
THING = re.compile(
    r"^(?:what is|what's|what are|what was|who is|who was|define|where is|who are|what does|tell me about|how (?:big|large|old|long|far) is|"
    r"history of|meaning of) ((?:the |a |an )?[a-z0-9][a-z0-9 '-]{2,40}?)(?: mean| stand for| do)?$"
)
FRAMES_EACH, FAMILY = 4, 7
NATIONS = ("India", "the US", "London", "Germany", "Australia")
ONE_THING_FRAMES = [frame for frame in THING_FRAMES if "{y}" not in frame]
Texts = Iterable[str]


def plain(text: str) -> str:
    return text.lower().strip(" ?.!")


def parts(texts: Texts, pattern: re.Pattern[str], most_words: int) -> list[str]:
    found = (match[1] for text in texts if (match := pattern.match(plain(text))))
    return list(dict.fromkeys(part for part in found if len(part.split()) <= most_words and " and why" not in part))


def recombined(texts: list[str], deeds: list[str], nouns: list[str], pick: random.Random) -> Iterator[str]:
    """Each deed and each thing that was asked about in a few frames: the same topic, another question."""
    things = parts(texts, THING, 5) + pick.sample(nouns, 2500)
    for frames, topics in ((DEED_FRAMES, parts(texts, DEED, 9) + deeds), (THING_FRAMES, things)):
        for topic in topics:
            for frame in pick.sample(frames, FRAMES_EACH):
                first, second = pick.sample((topic, pick.choice(things)), 2) if "{y}" in frame and pick.random() < 0.3 else (topic, pick.choice(things))
                text = frame.format(x=first, y=second).replace(" the the ", " the ").replace(" the a ", " the ")
                yield text.lower().rstrip("?") if pick.random() < 0.3 else text


def patients(diseases: list[str], drugs: list[str], pick: random.Random, count: int) -> Iterator[str]:
    """What one who has something asks of a doctor; three questions in each case, some with a detail changed."""
    draw: dict[str, Callable[[], object]] = {
        "d": lambda: pick.choice(DISEASES + AILMENTS if pick.random() < 0.7 else diseases),
        "r": lambda: pick.choice(DRUGS + REMEDIES if pick.random() < 0.75 else drugs),
        "s": lambda: pick.choice(SYMPTOMS), "n": lambda: pick.randint(2, 60), "p": lambda: pick.choice(PEOPLE).split(" ")[-1],
    }  # fmt: skip
    draw |= {"e": draw["d"], "q": draw["r"]}
    for _ in range(count):
        case = {name: make() for name, make in draw.items()}
        condition = pick.choice(CONDITIONS)
        for frame in pick.sample(PATIENT_FRAMES, 3):
            changed = pick.choice("desrq") if pick.random() < 0.4 else ""
            said = condition if pick.random() < 0.7 else pick.choice(CONDITIONS)
            yield f"{said} {frame}".strip().format(**case | {name: draw[name]() for name in changed})


def every_word(words: list[str], texts: list[str], net: WordNet, pick: random.Random) -> Iterator[str]:
    """Up to four questions with each word of the vocabulary, so that none is left as it was drawn."""
    for word in words:
        kinds = net.kinds.get(word) or net.kinds.get(word.removesuffix("s")) or {"noun"}
        frames = [pick.choice(WORD_FRAMES)]
        if "noun" in kinds:
            frames += pick.sample(THING_FRAMES, 2) + [pick.choice(DEED_FRAMES).replace("{x}", f"{pick.choice(COMMON_VERBS)} {{x}}")]
        if "verb" in kinds:
            frames += [pick.choice(DEED_FRAMES).replace("{x}", f"{{x}} {pick.choice(('it', 'people', f'my {pick.choice(net.nouns)}', pick.choice(net.nouns)))}")]
        if "adj" in kinds:
            frames += [pick.choice(QUALITY_FRAMES)]
        real = pick.choice(texts).rstrip("?").split()
        open_to = [at for at, other in enumerate(real) if len(other) > 4 and other.isalpha()]
        if open_to and not {"{", "}"} & set("".join(real)):
            real[pick.choice(open_to)] = "{x}"
            frames.append(" ".join(real))
        for frame in pick.sample(frames, min(4, len(frames))):
            text = frame.format(x=word, y=pick.choice(words))
            yield text.lower().rstrip("?") if pick.random() < 0.25 else text


class Families:
    """A real question with six that were made of it: in other words, about something else, in another frame, longer, shorter, turned round."""

    def __init__(self, net: WordNet, texts: list[str], seed: int) -> None:
        self.random = random.Random(seed)
        made = Variants(net, texts, seed + 1)
        twice = [made.reworded, made.exchanged, made.other_noun, self.reframed]
        self.edits = [*twice, *twice, self.reframed, made.shortened, made.other_number, made.other_name, made.opposite, made.negated, self.with_tail, self.with_lead, self.swapped, self.cut]

    def with_tail(self, text: str) -> str:
        return text.rstrip(" ?.") + self.random.choice(TAILS).format(p=self.random.choice(NATIONS)) + "?"

    def with_lead(self, text: str) -> str:
        return self.random.choice(LEADS) + text

    def reframed(self, text: str) -> str | None:
        low = plain(text)
        for pattern, frames in ((DEED, DEED_FRAMES), (THING, ONE_THING_FRAMES)):
            if match := pattern.match(low):
                return self.random.choice(frames).replace("{x}", match[1])
        first, *rest = low.split() or [""]
        asking = ("what", "who", "when", "where", "why", "how")
        return " ".join([self.random.choice([word for word in asking if word != first]), *rest]) + "?" if first in (*asking, "which") else None

    def swapped(self, text: str) -> str | None:
        words = text.split()
        open_to = [at for at, word in enumerate(words) if word.lower().strip("?.,") not in STOP and len(word) > 2]
        if len(open_to) < 2:
            return None
        one, other = self.random.sample(open_to, 2)
        words[one], words[other] = words[other].strip("?.,"), words[one].strip("?.,")
        return " ".join(words)

    def cut(self, text: str) -> str | None:
        words = text.rstrip("?").split()
        if len(words) < 6:
            return None
        kept = self.random.randint(3, len(words) - 2)
        return " ".join(words[:kept] if self.random.random() < 0.5 else words[-kept:])

    def of(self, text: str) -> list[str]:
        family = {plain(text): text}
        for edit in self.random.sample(self.edits, len(self.edits)):
            if len(family) < FAMILY:
                # One in four is made of one that was made.
                made = edit(text if self.random.random() < 0.75 else self.random.choice(list(family.values())))
                if made and len(made) < 300:
                    family.setdefault(plain(made), made)
        return list(family.values())
