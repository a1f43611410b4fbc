"""The student: a file of int8 rows, one a token, and the inference that goes with it, the reference for the service's own.

File: `RPSE`, uint32 length of the header, the header in JSON, the vocabulary (UTF-8, a token a line), a float32 scale
a row (with the weight of the token folded in), int8 rows; all numbers little-endian.
"""

from __future__ import annotations

import hashlib
import json
import struct
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

MAGIC = b"RPSE"
CONTINUATION = "##"
MAX_WORD_CHARS = 100
MAX_TOKENS = 512
MAX_CHARS = 8192
SAMPLED = 32  # of the rows, how few tell the usual norm
SYMBOLS = set("$+<=>^`|~")
IDEOGRAPHS = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x2A6DF), (0x2A700, 0x2CEAF), (0x2F800, 0x2FA1F))


@cache
def kind_of(character: str) -> str:
    category = unicodedata.category(character)
    if character.isspace() and category != "Cc" or character in "\t\n\v\f\r\ufeff" or category[0] == "Z":
        return "space"
    if category[0] == "C" or category == "Mn" or character == "\ufffd":
        return "nothing"
    alone = category[0] == "P" or character in SYMBOLS or any(first <= ord(character) <= last for first, last in IDEOGRAPHS)
    return "alone" if alone else "letter"


def words_of(text: str) -> Iterator[str]:
    """As BERT's basic tokenizer splits: at spaces, around punctuation and ideographs; lower case, without accents."""
    word = ""
    for character in unicodedata.normalize("NFD", text).lower():
        kind = kind_of(character)
        if kind == "letter":
            word += character
            continue
        if word and kind != "nothing":
            yield word
            word = ""
        if kind == "alone":
            yield character
    if word:
        yield word


def units(text: str) -> list[int]:
    """UTF-16 code units."""
    return list(struct.unpack(f"<{len(text.encode('utf-16-le')) // 2}H", text.encode("utf-16-le")))


def number_of_unknown(word: str) -> int:
    """FNV-1a over the word's UTF-16 units; below zero, so that it is no row."""
    state = 0x811C9DC5
    for unit in units(word):
        state = (state ^ unit) * 0x01000193 & 0xFFFFFFFF
    return ~(state & 0x7FFFFFFF)


class Tokenizer:
    """Longest piece first, over a vocabulary in which pieces that go on with a word begin with `##`."""

    def __init__(self, tokens: Sequence[str]) -> None:
        self.ids = {token: index for index, token in enumerate(tokens)}
        self.longest = max(map(len, tokens))
        self.known: dict[str, list[int]] = {}

    def pieces(self, word: str) -> list[int]:
        """Their rows; a word that cannot be pieced together is one number below zero."""
        found = self.known.get(word)
        if found is None:
            found = self.known[word] = self._pieces(word)
        return found

    def _pieces(self, word: str) -> list[int]:
        found: list[int] = []
        start = 0
        while start < len(word) <= MAX_WORD_CHARS:
            for end in range(min(len(word), start + self.longest), start, -1):
                row = self.ids.get((CONTINUATION if start else "") + word[start:end])
                if row is not None:
                    found.append(row)
                    start = end
                    break
            else:
                break
        return found if start == len(word) else [number_of_unknown(word)]

    def encode(self, text: str) -> list[int]:
        return [row for word in words_of(text) for row in self.pieces(word)]


def direction(number: int, dim: int) -> Floats:
    """The corner of the cube, at length 1, that an unknown word's number draws (xorshift)."""
    state = ~number | 1
    signs = np.empty(dim, np.float32)
    for index in range(dim):
        state ^= state << 13 & 0xFFFFFFFF
        state ^= state >> 17
        state ^= state << 5 & 0xFFFFFFFF
        signs[index] = -1 if state & 0x80000000 else 1
    return signs / np.float32(np.sqrt(dim))


@dataclass
class StaticModel:
    header: dict
    tokens: list[str]
    scales: Floats
    rows: NDArray[np.int8]

    def __post_init__(self) -> None:
        self.tokenizer = Tokenizer(self.tokens)
        self.table = self.scales[:, None] * self.rows.astype(np.float32)
        self.usual_norm = float(np.linalg.norm(self.table[::SAMPLED], axis=1).mean())

    def encode(self, texts: Sequence[str]) -> Floats:
        """Unit vectors; a text without a token has none, and zeros stand for it."""
        sums = np.zeros((len(texts), self.rows.shape[1]), np.float32)
        for index, text in enumerate(texts):
            ids = self.tokenizer.encode(text)
            sums[index] = self.table[[row for row in ids if row >= 0]].sum(0)
            for number in (row for row in ids if row < 0):
                sums[index] += self.usual_norm * direction(number, sums.shape[1])
        return sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12)

    def is_legible(self, text: str) -> bool:
        """Whether at most a fifth of the letters are in unknown words or in pieces of one letter, and the text is not too long."""
        read, unread, count = 0, 0, 0
        for word in words_of(text):
            ids = self.tokenizer.pieces(word)
            count += len(ids)
            size = len(units(word))
            if ids[0] < 0:
                unread += size
            elif size == 1 and word < "\x80":
                read += word.isalnum()
            else:
                pieces = [self.tokens[row].removeprefix(CONTINUATION) for row in ids]
                spelt = sum(len(units(piece)) == 1 and not (piece.isascii() and piece.isdigit()) for piece in pieces)
                read, unread = read + size - spelt, unread + spelt
        return len(units(text)) <= MAX_CHARS and count <= MAX_TOKENS and read > 0 and unread * 4 <= read

    @classmethod
    def quantize(cls, header: dict, tokens: list[str], table: Floats) -> StaticModel:
        scales = np.maximum(np.abs(table).max(1), 1e-8).astype(np.float32) / np.float32(127)
        return cls(header, tokens, scales, np.rint(table / scales[:, None]).astype(np.int8))

    def save(self, path: Path) -> None:
        vocabulary = "\n".join(self.tokens).encode()
        body = vocabulary + self.scales.astype("<f4").tobytes() + self.rows.tobytes()
        self.header |= {
            "format": 1, "dim": self.rows.shape[1], "tokens": len(self.tokens), "lowercase": True, "stripAccents": True,
            "maxWordChars": MAX_WORD_CHARS, "continuation": CONTINUATION, "unknown": "own direction", "pooling": "mean",
            "vocabularyBytes": len(vocabulary), "sha256": hashlib.sha256(body).hexdigest(),
        }  # fmt: skip
        header = json.dumps(self.header, separators=(",", ":")).encode()
        path.write_bytes(MAGIC + struct.pack("<I", len(header)) + header + body)

    @classmethod
    def load(cls, path: Path) -> StaticModel:
        data = path.read_bytes()
        if data[:4] != MAGIC:
            raise ValueError(f"{path} is no static model")
        start = 8 + struct.unpack("<I", data[4:8])[0]
        header = json.loads(data[8:start])
        body = data[start:]
        if hashlib.sha256(body).hexdigest() != header["sha256"]:
            raise ValueError(f"{path} is damaged")
        count, dim, words = header["tokens"], header["dim"], header["vocabularyBytes"]
        scales = np.frombuffer(body, "<f4", count, words)
        rows = np.frombuffer(body, np.int8, count * dim, words + 4 * count).reshape(count, dim)
        return cls(header, body[:words].decode().split("\n"), scales, rows)
