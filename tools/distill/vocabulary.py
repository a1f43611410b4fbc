"""The tokens: the teacher's pieces in plain letters, then the most frequent words that these would break up."""

from __future__ import annotations

from collections import Counter

from teacher import teacher_folder

TYPOGRAPHIC = set("–—‘’“”•…€£¥§©®°±²³µ·×÷")


def choose_vocabulary(words: Counter[str], most: int) -> list[str]:
    pieces = [line for line in (teacher_folder() / "vocab.txt").read_text().splitlines()
              if not line.startswith("[") and all(character < "\x7f" or character in TYPOGRAPHIC for character in line)]  # fmt: skip
    pieces += ["["]
    known = set(pieces)
    more = [word for word, count in words.most_common() if word not in known and word.isascii() and word.isalpha() and len(word) > 2 and count > 2]
    return pieces + more[: most - len(pieces)]
