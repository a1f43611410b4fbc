"""Trains the student: a table of token vectors whose sums are to stand to one another as the teacher's vectors do."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from corpus import PAIR_SETS
from embed import texts_of
from student import CONTINUATION, Floats, StaticModel, Tokenizer, words_of
from teacher import MiniLM, teacher_folder

Ints = NDArray[np.int64]

TYPOGRAPHIC = set("–—‘’“”•…€£¥§©®°±²³µ·×÷")
GENERATED = {"questions"}
STATEMENTS = {"wordnet", "debian", "pairs", "variants", "questions"}  # whose texts get no natural neighbours
NAME = "reprise-static-1"


@dataclass(frozen=True)
class Settings:
    dim: int = 256
    rows: int = 36_000
    epochs: int = 6
    batch: int = 512
    neighbours: int = 32  # of a batch, how many texts stand together from one neighbourhood
    rate: float = 5e-3
    heat: float = 0.05  # of the softmax over a batch
    regress: float = 1.0  # weight of the cosine to the teacher's own vector
    relate: float = 1.0  # weight of the divergence between the two softmaxes
    kin: float = 4.0  # weight of the squared error of the cosine of a text and a variant of it
    margin: float = 0.5  # weight of the pairs known by rule or label
    nearest: int = 20  # from so many of the nearest natural texts
    kept: int = 4  # so many are drawn as kin
    gap: float = 0.1  # by which a same pair is to be above a look-alike
    sif: float = 1e-3
    rare: float = 5.0  # a token met so often stands half where training left it, half where its like would be
    power: float = 1.0  # of the components of the first table: sign(x)|x|^power
    seed: int = 20


@dataclass
class Corpus:
    """Every text with the teacher's vector; triples of texts: one, one that asks the same, one that does not (or -1); pairs of kin; who was asked by people."""

    texts: list[str]
    teacher: Floats
    triples: Ints
    kin: Ints
    natural: Ints
    words: Counter[str]


def load_corpus(folder: Path, seed: int, held_out: float = 0.02) -> tuple[Corpus, Corpus]:
    """The corpus for training, and a little of it to look at."""
    texts: list[str] = []
    vectors: list[Floats] = []
    triples: list[tuple[int, int, int]] = []
    kin: list[tuple[int, int]] = []
    natural: list[int] = []
    words: Counter[str] = Counter()
    random = np.random.default_rng(seed)
    for path in sorted(folder.glob("*.jsonl")):
        if not path.with_suffix(".npy").exists():
            continue
        own = texts_of(path)
        at = {text: len(texts) + index for index, text in enumerate(own)}
        texts += own
        vectors.append(np.load(path.with_suffix(".npy")))
        if path.stem not in STATEMENTS:
            natural += at.values()
        if path.stem not in GENERATED:
            words.update(chain.from_iterable(map(words_of, own)))
        items = [json.loads(line) for line in path.open()]
        for item in items:
            if "same" in item or "other" in item:
                triples.append((at[item["text"]], at.get(item.get("same", ""), -1), at.get(item.get("other", ""), -1)))
            kin += [(at[item["text"]], at[item[field]]) for field in ("same", "near", "other") if field in item]
        triples += intent_triples([(at[item["text"]], item["intent"]) for item in items if item.get("intent", "oos") != "oos"], random)
    teacher = np.concatenate(vectors)
    picked = np.array(triples, np.int64).reshape(-1, 3)
    shown = random.random(len(picked)) < held_out * 4
    away = random.random(len(texts)) < held_out
    away[picked[shown][picked[shown] >= 0]] = True
    part = [np.flatnonzero(~away), np.flatnonzero(away)]
    place = np.full(len(texts) + 1, -1)
    corpora = []
    for chosen in part:
        place[:] = -1
        place[chosen] = np.arange(len(chosen))
        moved = place[picked]  # -1 stays -1, for the last place is nobody's
        kept = moved[(moved[:, 0] >= 0) & (moved[:, 1:] >= 0).any(1)]
        near = place[np.array(kin, np.int64).reshape(-1, 2)]
        asked = place[np.array(natural)]
        corpora.append(Corpus([texts[index] for index in chosen], teacher[chosen], kept, near[(near >= 0).all(1)], asked[asked >= 0], words))
    return corpora[0], corpora[1]


def intent_triples(items: list[tuple[int, str]], random: np.random.Generator) -> Iterator[tuple[int, int, int]]:
    by_intent: dict[str, list[int]] = {}
    for index, intent in items:
        by_intent.setdefault(intent, []).append(index)
    for index, intent in items:
        yield index, int(random.choice(by_intent[intent])), int(items[random.integers(len(items))][0])


def choose_vocabulary(words: Counter[str], most: int) -> list[str]:
    """The teacher's pieces that are plain enough, then the most frequent words that these would break up."""
    pieces = [line for line in (teacher_folder() / "vocab.txt").read_text().splitlines()
              if not line.startswith("[") and all(character < "\x7f" or character in TYPOGRAPHIC for character in line)]  # fmt: skip
    pieces += ["["]
    known = set(pieces)
    more = [word for word, count in words.most_common() if word not in known and word.isascii() and word.isalpha() and len(word) > 2 and count > 2]
    return pieces + more[: most - len(pieces)]


def principal_axes(vectors: Floats, dim: int) -> Floats:
    """Not centred: cosines are to stay what they are."""
    return np.linalg.eigh(vectors.T @ vectors)[1][:, ::-1][:, :dim].astype(np.float32)


def bag(texts: list[str], tokenizer: Tokenizer, count: int) -> csr_matrix:
    """How often each token is in each text."""
    rows = [[row for row in tokenizer.encode(text) if row >= 0] for text in texts]
    ends = np.cumsum([0, *map(len, rows)])
    matrix = csr_matrix((np.ones(ends[-1], np.float32), np.fromiter(chain.from_iterable(rows), np.int32, ends[-1]), ends), (len(texts), count))
    matrix.sum_duplicates()
    return matrix


def neighbourhoods(vectors: Floats, count: int, random: np.random.Generator) -> Ints:
    """k-means with few rounds on a sample: which neighbourhood each vector is of."""
    sample = vectors[random.choice(len(vectors), min(len(vectors), 40_000), replace=False)].astype(np.float32)
    centres = sample[random.choice(len(sample), count, replace=False)]
    for _ in range(5):
        of = (sample @ centres.T).argmax(1)
        sums = np.zeros_like(centres)
        np.add.at(sums, of, sample)
        centres = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-6)
    return np.concatenate([(part.astype(np.float32) @ centres.T).argmax(1) for part in np.array_split(vectors, 1 + len(vectors) // 8192)])


def natural_kin(corpus: Corpus, nearest: int, kept: int, random: np.random.Generator) -> Ints:
    """Pairs of natural texts that the teacher finds near."""
    own = corpus.teacher[corpus.natural].astype(np.float32)
    pairs = []
    for start in range(0, len(own), 2048):
        scores = own[start : start + 2048] @ own.T
        scores[np.arange(len(scores)), start + np.arange(len(scores))] = -1
        near = np.argpartition(-scores, nearest, axis=1)[:, :nearest]
        drawn = np.take_along_axis(near, random.random(near.shape).argpartition(kept, axis=1)[:, :kept], 1)
        pairs.append(np.stack([np.repeat(start + np.arange(len(scores)), kept), drawn.ravel()], 1))
    return corpus.natural[np.concatenate(pairs)]


def unit(vectors: Floats) -> tuple[Floats, Floats]:
    norms = np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return vectors / norms, norms


def softmax(scores: Floats) -> Floats:
    np.fill_diagonal(scores, -1e9)
    scores = np.exp(scores - scores.max(1, keepdims=True))
    return scores / scores.sum(1, keepdims=True)


class Adam:
    """Adam over the rows that a batch touches."""

    def __init__(self, table: Floats) -> None:
        self.table, self.first, self.second, self.step = table, np.zeros_like(table), np.zeros_like(table), 0

    def update(self, rows: Ints, gradient: Floats, rate: float) -> None:
        self.step += 1
        first = self.first[rows] = 0.9 * self.first[rows] + 0.1 * gradient
        second = self.second[rows] = 0.99 * self.second[rows] + 0.01 * gradient * gradient
        self.table[rows] -= rate * (first / (1 - 0.9**self.step)) / (np.sqrt(second / (1 - 0.99**self.step)) + 1e-8)


class Trainer:
    def __init__(self, corpus: Corpus, first_table: Floats, target: Floats, bags: csr_matrix, settings: Settings) -> None:
        self.corpus, self.settings, self.target, self.bags = corpus, settings, target, bags
        self.random = np.random.default_rng(settings.seed)
        self.adam = Adam(first_table.copy())
        self.kin = np.concatenate([corpus.kin, natural_kin(corpus, settings.nearest, settings.kept, self.random)])
        self.of = neighbourhoods(corpus.teacher, max(2, len(corpus.texts) // 200), self.random)

    @property
    def table(self) -> Floats:
        return self.adam.table

    def batches(self) -> list[Ints]:
        """Texts by the handful from one neighbourhood, many handfuls a batch."""
        order = self.random.permutation(len(self.of))
        order = order[np.argsort(self.of[order], kind="stable")]
        handfuls = np.array_split(order, len(order) // self.settings.neighbours)
        self.random.shuffle(handfuls := list(handfuls))
        size = self.settings.batch // self.settings.neighbours
        return [np.concatenate(handfuls[at : at + size]) for at in range(0, len(handfuls) - size, size)]

    def run(self) -> Floats:
        settings = self.settings
        total = settings.epochs * len(self.batches())
        step = 0
        for _ in range(settings.epochs):
            batches = self.batches()
            triples = np.array_split(self.random.permutation(self.corpus.triples), len(batches))
            kin = np.array_split(self.random.permutation(self.kin), len(batches))
            for chosen, some_triples, some_kin in zip(batches, triples, kin):
                rate = settings.rate * (1 - step / total)
                self.step(chosen, some_triples, some_kin, rate)
                step += 1
        return self.table

    def step(self, chosen: Ints, triples: Ints, kin: Ints, rate: float) -> None:
        settings = self.settings
        asked = np.concatenate([chosen, triples.ravel(), kin.ravel()])
        asked[asked < 0] = 0  # stands for nobody, and gets no gradient
        bags = self.bags[asked]
        rows, inverse = np.unique(bags.indices, return_inverse=True)
        bags = csr_matrix((bags.data, inverse, bags.indptr), (len(asked), len(rows)))
        student, norms = unit(bags @ self.table[rows])
        gradient = np.zeros_like(student)

        count = len(chosen)
        own = student[:count]
        gradient[:count] -= settings.regress / count * self.target[chosen]
        teacher = self.corpus.teacher[chosen].astype(np.float32)
        off = softmax(own @ own.T / settings.heat) - softmax(teacher @ teacher.T / settings.heat)
        gradient[:count] += settings.relate / count * ((off + off.T) @ own)
        kin_at = count + triples.size
        if len(triples):
            vectors = student[count:kin_at].reshape(len(triples), 3, -1)
            gradient[count:kin_at] = settings.margin * self.triple_gradient(vectors, triples).reshape(-1, settings.dim)
        if len(kin):
            vectors = student[kin_at:].reshape(len(kin), 2, -1)
            gradient[kin_at:] = settings.kin * self.kin_gradient(vectors, kin).reshape(-1, settings.dim)

        gradient = (gradient - (gradient * student).sum(1, keepdims=True) * student) / norms
        self.adam.update(rows, bags.T @ gradient, rate)

    def kin_gradient(self, vectors: Floats, kin: Ints) -> Floats:
        """Of half the squared difference between the student's cosine and the teacher's."""
        first, second = self.corpus.teacher[kin.T].astype(np.float32)
        off = (vectors[:, 0] * vectors[:, 1]).sum(1) - (first * second).sum(1)
        return off[:, None, None] / len(kin) * vectors[:, ::-1]

    def triple_gradient(self, vectors: Floats, triples: Ints) -> Floats:
        """Of softplus((other - same + gap) / heat), where a missing side stands at the batch's mean."""
        text, same, other = vectors[:, 0], vectors[:, 1], vectors[:, 2]
        near, far = (text * same).sum(1), (text * other).sum(1)
        has_near, has_far = triples[:, 1] >= 0, triples[:, 2] >= 0
        usual_near = near[has_near].mean() if has_near.any() else 0.8
        usual_far = far[has_far].mean() if has_far.any() else 0.5
        lack = np.where(has_far, far, usual_far) - np.where(has_near, near, usual_near) + self.settings.gap
        push = (1 / (1 + np.exp(-lack / 0.1)) / len(triples))[:, None].astype(np.float32)
        near_push, far_push = push * has_near[:, None], push * has_far[:, None]
        return np.stack([far_push * other - near_push * same, -near_push * text, far_push * text], 1)


def teacher_of_tokens(tokens: list[str], folder: Path) -> Floats:
    """Each token through the teacher, by itself; those met in an earlier run are read from the folder."""
    names, vectors = folder / "tokens.cache.json", folder / "tokens.cache.npy"
    met = dict(zip(json.loads(names.read_text()), np.load(vectors))) if names.exists() else {}
    spelt = [token.removeprefix(CONTINUATION) or token for token in tokens]
    new = sorted(set(spelt) - met.keys())
    if new:
        met.update(zip(new, MiniLM().encode(new)))
        names.write_text(json.dumps(list(met)))
        np.save(vectors, np.array(list(met.values())))
    return np.array([met[token] for token in spelt])


def first_table(vectors: Floats, axes: Floats, bags: csr_matrix, settings: Settings) -> Floats:
    """The tokens on the corpus's principal axes, lighter the more frequent they are."""
    vectors = vectors @ axes
    vectors = unit(np.sign(vectors) * np.abs(vectors) ** settings.power)[0]
    share = np.asarray(bags.sum(0)).ravel() / bags.sum()
    return vectors * (settings.sif / (settings.sif + share))[:, None].astype(np.float32)


def settle_rare(table: Floats, vectors: Floats, met: Floats, settings: Settings) -> Floats:
    """Moves rarely met tokens towards where a ridge regression from the teacher's vectors, fit on the others, puts them."""
    inputs = np.hstack([vectors, np.ones((len(vectors), 1), np.float32)])
    weights = np.where(met < settings.rare, 0, np.minimum(met, 100))[:, None]
    solved = np.linalg.solve(inputs.T @ (weights * inputs) + 3 * np.eye(inputs.shape[1]), inputs.T @ (weights * table))
    share = (met / (met + settings.rare))[:, None]
    return (share * table + (1 - share) * (inputs @ solved)).astype(np.float32)


def look(table: Floats, corpus: Corpus, bags: csr_matrix) -> dict[str, float]:
    """On the part held out: the mean correlation with the teacher's cosines, and how often a same pair is above its look-alike."""
    student = unit(bags @ table)[0]
    teacher = corpus.teacher.astype(np.float32)
    probe = slice(0, 2000)
    ours, theirs = student[probe] @ student.T, teacher[probe] @ teacher.T
    near = np.argpartition(-theirs, 50, axis=1)[:, :50]
    ours, theirs = np.take_along_axis(ours, near, 1), np.take_along_axis(theirs, near, 1)
    correlation = np.mean([np.corrcoef(a, b)[0, 1] for a, b in zip(ours, theirs)])
    whole = corpus.triples[(corpus.triples >= 0).all(1)]
    text, same, other = student[whole[:, 0]], student[whole[:, 1]], student[whole[:, 2]]
    return {"near": float(correlation), "triples": float(((text * same).sum(1) > (text * other).sum(1)).mean() if len(whole) else 0)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    for name, value in asdict(Settings()).items():
        parser.add_argument(f"--{name}", type=type(value), default=value)
    args = vars(parser.parse_args())
    folder, out = args.pop("corpus"), args.pop("out")
    settings = Settings(**args)

    corpus, rest = load_corpus(folder, settings.seed)
    tokens = choose_vocabulary(corpus.words, settings.rows)
    tokenizer = Tokenizer(tokens)
    bags = bag(corpus.texts, tokenizer, len(tokens))
    axes = principal_axes(corpus.teacher[:100_000].astype(np.float32), settings.dim)
    target = unit(corpus.teacher @ axes)[0]
    vectors = teacher_of_tokens(tokens, folder)
    table = first_table(vectors, axes, bags, settings)
    looked = bag(rest.texts, tokenizer, len(tokens))
    print(f"{len(corpus.texts)} texts, {len(corpus.triples)} triples, {len(tokens)} tokens; at first {look(table, rest, looked)}", flush=True)
    table = Trainer(corpus, table, target, bags, settings).run()
    print(f"trained {look(table, rest, looked)}", flush=True)
    table = settle_rare(table, vectors, np.asarray(bags.sum(0)).ravel(), settings)
    print(f"settled {look(table, rest, looked)}", flush=True)
    header = {"name": NAME, "teacher": "all-MiniLM-L6-v2", "trainedOn": sorted({path.stem for path in folder.glob("*.jsonl")} - {"pairs"} | set(PAIR_SETS))}
    StaticModel.quantize(header, tokens, table).save(out)


if __name__ == "__main__":
    main()
