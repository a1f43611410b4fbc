"""The student: a file of short rows, one a token, a small network over them, and the inference that goes with it, the
reference for the service's own.

File: `RPSE`, uint32 length of the header, the header in JSON, the vocabulary (UTF-8, a token a line), four scales a row
(bfloat16), the rows' own parts (6 bits a number, four in three bytes), the rest of the rows (4 bits a number), the layers
(float32, then int8 rows of the output); all numbers little-endian, what comes first in the lower bits. A row holds `dim`
numbers of the token's own meaning, three times `window` numbers (as the word before, as the word itself, as the word
after), `bag` numbers, and twice `context` (hears, says).
"""

from __future__ import annotations

import hashlib
import json
import struct
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
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
HALF_LEVELS = np.array([6, 18, 31, 44, 58, 75, 96, 127], np.float32)  # Lloyd and Max's for a normal distribution
LEVELS = np.concatenate([-HALF_LEVELS[::-1], HALF_LEVELS])
STEPS, STEP = 31, 4  # of the own part: even steps to either side
USUAL_TOP = 2.7326  # the outermost level, in standard deviations
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


@dataclass(frozen=True)
class Widths:
    dim: int = 256
    window: int = 64
    bag: int = 64
    context: int = 16

    @property
    def parts(self) -> dict[str, slice]:
        """Where in a row the numbers of each purpose are."""
        sizes = {"own": self.dim, "before": self.window, "itself": self.window, "after": self.window, "bag": self.bag, "hears": self.context, "says": self.context}
        ends = np.cumsum(list(sizes.values()))
        return {name: slice(int(end) - size, int(end)) for (name, size), end in zip(sizes.items(), ends)}

    @property
    def kinds(self) -> list[slice]:
        """The parts that share a scale."""
        parts = self.parts
        return [slice(parts[first].start, parts[last].stop) for first, last in (("own", "own"), ("before", "after"), ("bag", "bag"), ("hears", "says"))]

    @property
    def width(self) -> int:
        return self.parts["says"].stop

    @property
    def layers(self) -> dict[str, tuple[int, ...]]:
        """What is the same for all tokens, in the order of the file, but for the output, which comes last."""
        return {"start": (self.window,), "end": (self.window,), "window_bias": (self.window,), "bag_bias": (self.bag,), "context_bias": (self.context,), "attention": (self.window,)}


Layers = dict[str, Floats]


@dataclass
class StaticModel:
    header: dict
    tokens: list[str]
    widths: Widths
    values: NDArray[np.int8]  # of the own part so many steps, of the others levels
    scales: Floats  # four a row
    layers: Layers
    output: NDArray[np.int8]
    output_scales: Floats

    def __post_init__(self) -> None:
        self.tokenizer = Tokenizer(self.tokens)
        self.table = self.values.astype(np.float32)
        for kind, at in enumerate(self.widths.kinds):
            self.table[:, at] *= self.scales[:, kind, None]
        self.usual_norm = float(np.linalg.norm(self.table[::SAMPLED, self.widths.parts["own"]], axis=1).mean())

    def encode(self, texts: Sequence[str]) -> Floats:
        """Unit vectors; a text without a token has none, and zeros stand for it."""
        vectors = np.array([self._vector(self.tokenizer.encode(text)) for text in texts], np.float32)
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)

    def _vector(self, ids: list[int]) -> Floats:
        known = [row for row in ids if row >= 0]
        share = 1 / max(1, len(known))
        part = {name: self.table[known, at] for name, at in self.widths.parts.items()}
        layers = self.layers
        before = np.vstack([layers["start"], part["before"][:-1]])[: len(known)]
        after = np.vstack([part["after"][1:], layers["end"]])[-len(known) :] if known else part["after"]
        window = np.maximum(0, before + part["itself"] + after + layers["window_bias"])
        topic = part["says"].sum(0) * share + layers["context_bias"]
        weights = np.exp(np.clip(window @ layers["attention"] + part["hears"] @ topic, -3, 3)) * share
        bag = np.maximum(0, part["bag"].sum(0) * share + layers["bag_bias"])
        hidden = np.concatenate([window.sum(0) * share, bag]) * self.output_scales
        vector = weights @ part["own"] + hidden @ self.output.astype(np.float32)
        for number in (row for row in ids if row < 0):
            vector = vector + self.usual_norm * share * direction(number, self.widths.dim)
        vector[-1] = self.header["shared"] * np.sqrt(weights.sum() * share)
        return vector

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
    def quantize(cls, header: dict, tokens: list[str], widths: Widths, table: Floats, layers: Layers, output: Floats) -> StaticModel:
        values, scales = quantized(table, widths)
        output_scales = np.maximum(np.abs(output).max(1), 1e-8).astype(np.float32) / np.float32(127)
        return cls(header, tokens, widths, values, scales, layers, np.rint(output / output_scales[:, None]).astype(np.int8), output_scales)

    def save(self, path: Path) -> None:
        vocabulary = "\n".join(self.tokens).encode()
        own = (self.values[:, : self.widths.dim] // STEP + STEPS).astype(np.uint32).reshape(len(self.tokens), -1, 4)
        triples = own[..., 0] | own[..., 1] << 6 | own[..., 2] << 12 | own[..., 3] << 18
        sixes = triples[..., None].astype("<u4").view("u1")[..., :3]
        codes = np.searchsorted(LEVELS, self.values[:, self.widths.dim :]).astype(np.uint8)
        fours = codes[:, ::2] | codes[:, 1::2] << 4
        numbers = np.concatenate([*(self.layers[name] for name in self.widths.layers), self.output_scales]).astype("<f4")
        scales = (self.scales.astype("<f4").view("<u4") >> 16).astype("<u2")
        body = vocabulary + scales.tobytes() + sixes.tobytes() + fours.tobytes() + numbers.tobytes() + self.output.tobytes()
        self.header |= {
            "format": 3, **asdict(self.widths), "tokens": len(self.tokens), "lowercase": True, "stripAccents": True,
            "maxWordChars": MAX_WORD_CHARS, "continuation": CONTINUATION, "unknown": "own direction",
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
        widths = Widths(**{name: header[name] for name in ("dim", "window", "bag", "context")})
        count, at = header["tokens"], header["vocabularyBytes"]

        def take(kind: str, *shape: int) -> NDArray:
            nonlocal at
            taken = np.frombuffer(body, kind, int(np.prod(shape)), at).reshape(shape)
            at += taken.nbytes
            return taken

        scales = (take("<u2", count, 4).astype("<u4") << 16).view("<f4")
        dim, rest = widths.dim, widths.width - widths.dim
        sixes = take("u1", count, dim // 4, 3).astype(np.uint32)
        triples = sixes[..., 0] | sixes[..., 1] << 8 | sixes[..., 2] << 16
        own = np.stack([triples >> shift & 63 for shift in (0, 6, 12, 18)], 2).reshape(count, dim).astype(np.int16)
        fours = take("u1", count, rest // 2)
        levels = LEVELS[np.stack([fours & 15, fours >> 4], 2).reshape(count, rest)]
        values = np.hstack([STEP * (own - STEPS), levels]).astype(np.int8)
        layers = {name: take("<f4", *shape) for name, shape in widths.layers.items()}
        hidden = widths.window + widths.bag
        output_scales = take("<f4", hidden)
        return cls(header, body[: header["vocabularyBytes"]].decode().split("\n"), widths, values, scales, layers, take("i1", hidden, widths.dim), output_scales)


def quantized(table: Floats, widths: Widths) -> tuple[NDArray[np.int8], Floats]:
    """The nearest step or level for each number, and for each row and kind of numbers the scale that fits best then."""
    values = np.empty(table.shape, np.int8)
    scales = np.empty((len(table), 4), np.float32)
    between = (LEVELS[1:] + LEVELS[:-1]) / 2
    for kind, at in enumerate(widths.kinds):
        part = table[:, at]
        if kind == 0:
            first = np.maximum(np.abs(part).max(1, keepdims=True), 1e-9) / (STEPS * STEP)
            values[:, at] = STEP * np.rint(part / first / STEP)
        else:
            first = np.maximum(np.sqrt((part * part).mean(1, keepdims=True)) * np.float32(USUAL_TOP / 127), 1e-9)
            values[:, at] = LEVELS[np.searchsorted(between, part / first)]
        levels = values[:, at].astype(np.float32)
        best = (part * levels).sum(1) / (levels * levels).sum(1)
        # Rounded to bfloat16, which is the upper half of a float32.
        scales[:, kind] = ((best.astype("<f4").view("<u4") + 0x8000) & 0xFFFF0000).view("<f4")
    return values, scales
