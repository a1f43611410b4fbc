"""The parts of WordNet 3.0 the corpus and the rules need, read from its dict files."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

KINDS = ("noun", "verb", "adj", "adv")
DISEASE_FILE, ANTONYM = 26, "!"  # lexicographer file noun.state


@dataclass
class WordNet:
    glosses: list[tuple[str, str, list[str]]] = field(default_factory=list)  # first word, definition, examples
    nouns: list[str] = field(default_factory=list)
    deeds: list[str] = field(default_factory=list)  # short definitions of verbs: "make a mark on"
    ailments: list[str] = field(default_factory=list)
    synonyms: dict[str, set[str]] = field(default_factory=dict)
    antonyms: dict[str, set[str]] = field(default_factory=dict)
    kinds: dict[str, set[str]] = field(default_factory=dict)  # which of KINDS a word can be


def read(folder: Path) -> WordNet:
    net = WordNet()
    counts: dict[str, int] = {}
    for line in (folder / "cntlist.rev").read_text().splitlines():
        sense, _, count = line.rsplit(" ", 2)
        lemma = sense.split("%")[0]
        counts[lemma] = counts.get(lemma, 0) + int(count)
    words_at: dict[tuple[str, str], list[str]] = {}
    opposites: list[tuple[str, str, int, str, int]] = []
    for kind in KINDS:
        for line in (folder / f"data.{kind}").read_text().splitlines():
            if line.startswith("  "):
                continue
            data, _, gloss = line.partition(" | ")
            offset, lex_file, _, word_count, *rest = data.split(" ")
            size = int(word_count, 16)
            words = [re.sub(r"\(\w+\)$", "", word).replace("_", " ") for word in rest[: 2 * size : 2]]
            words_at[kind, offset] = words
            pointers = rest[2 * size + 1 :]
            for symbol, target, part, places in zip(pointers[::4], pointers[1::4], pointers[2::4], pointers[3::4]):
                if symbol == ANTONYM:
                    target_kind = {"n": "noun", "v": "verb", "a": "adj", "s": "adj", "r": "adv"}[part]
                    opposites.append((words[int(places[:2], 16) - 1].lower(), target_kind, 0, target, int(places[2:], 16) - 1))
            definition, *examples = re.split(r"; (?=\")", gloss.strip())
            net.glosses.append((words[0], definition, [example.strip('"; ') for example in examples]))
            used = max(counts.get(word.replace(" ", "_").lower(), 0) for word in words)
            if kind == "noun" and words[0].islower() and used >= 2:
                net.nouns.append(words[0])
            if kind == "noun" and int(lex_file) == DISEASE_FILE and words[0].islower() and re.search("disease|inflammation|infection|disorder|pain", gloss):
                net.ailments.append(words[0])
            if kind == "verb" and 2 <= len(definition.split()) <= 6 and re.fullmatch(r"[a-z ,'-]+", definition) and used >= 1:
                net.deeds.append(definition)
            if used >= 3 or kind != "noun":
                plain = [word.lower() for word in words if counts.get(word.replace(" ", "_").lower(), 0) >= 3]
                for word in plain:
                    net.synonyms.setdefault(word, set()).update(other for other in plain if other != word)
    for kind in KINDS:
        for line in (folder / f"index.{kind}").read_text().splitlines():
            if not line.startswith(" "):
                net.kinds.setdefault(line.split(" ")[0], set()).add(kind)
    for word, kind, _, target, index in opposites:
        net.antonyms.setdefault(word, set()).add(words_at[kind, target][index].lower())
    return net
