"""Trains the student: rows of tokens and a small network, whose vectors are to stand to one another as the teacher's do.

What is learnt with is what will be shipped: at every step the rows are brought to the steps and levels of the file first.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import jax
import jax.numpy as jnp
import numba
import numpy as np
from numpy.typing import NDArray

from corpus import PAIR_SETS
from embed import texts_of
from network import first_layers, sums_of, vectors_of
from student import CONTINUATION, HALF_LEVELS, STEPS, USUAL_TOP, Floats, StaticModel, Tokenizer, Widths
from teacher import MiniLM

Ints = NDArray[np.int64]
STATEMENTS = {"wordnet", "debian", "pairs", "variants", "questions", "recombined", "patients", "every-word", "families", "written"}  # nobody asked these
UNTUNED = {"wordnet", "debian", "simplequestions", "schema-dialogues", "families", "every-word"}
NAME = "reprise-static-3"
LENGTHS = (10, 14, 20, 28, 40)  # a batch is as long as one of these; what is longer is cut, for training only
LEAF = 32
FAMILIES_A_LEAF = 6
GROUPS_A_LEAF = 8
BETWEEN = (HALF_LEVELS[1:] + HALF_LEVELS[:-1]) / 2


@dataclass(frozen=True)
class Settings:
    dim: int = 128
    window: int = 96
    bag: int = 64
    context: int = 16
    epochs: int = 6
    batch: int = 512
    rate: float = 3e-3  # of the rows
    layer_rate: float = 2e-3
    tuning: int = 60_000  # texts beside the written ones, of which each comes twice
    tuning_rate: float = 2e-3
    tuning_layer_rate: float = 1.5e-3
    tell: float = 1.0  # weight of telling written questions from those that look alike, when tuning
    tell_heat: float = 0.07
    shared: float = 0.9  # of the usual length of a text's vector, as long is what it shares with every other
    heat: float = 0.05  # of the softmax over a batch
    regress: float = 1.0  # weight of the cosine to the teacher's own vector
    relate: float = 1.0  # weight of the divergence between the two softmaxes
    near: float = 15.0  # weight of the squared error of cosines within a leaf
    nearest: float = 3.0  # how many times more of it for a pair whose cosine is well above .6
    sif: float = 1e-3
    seed: int = 20


@dataclass
class Corpus:
    """Tokens of every text (-1 where there is none), the teacher's vectors, which family and which written group it is of
    (-1: none) and whether it asks the group's question, whether people asked it, whether it is for tuning as well."""

    ids: NDArray[np.int32]
    teacher: Floats
    family: Ints
    group: Ints
    asks: NDArray[np.bool_]
    natural: NDArray[np.bool_]
    tuning: NDArray[np.bool_]

    def part(self, chosen: NDArray) -> Corpus:
        return Corpus(**{field.name: getattr(self, field.name)[chosen] for field in fields(self)})


def load_corpus(folder: Path, tokenizer: Tokenizer) -> Corpus:
    texts: dict[str, int] = {}
    vectors, natural, tuning = [], [], []
    of: dict[str, dict] = {}
    for path in sorted(folder.glob("*.jsonl")):
        own, given = texts_of(path), np.load(path.with_suffix(".npy"))
        new = [index for index, text in enumerate(own) if text not in texts]
        texts |= {own[index]: len(texts) + place for place, index in enumerate(new)}
        vectors.append(given[new])
        natural += [path.stem not in STATEMENTS] * len(new)
        tuning += [path.stem not in UNTUNED] * len(new)
        of |= {item["text"]: item for item in map(json.loads, path.open()) if "family" in item or "group" in item}
    ids = np.full((len(texts), LENGTHS[-1]), -1, np.int32)
    for row, text in zip(ids, texts):
        known = [token for token in tokenizer.encode(text) if token >= 0][: LENGTHS[-1]]
        row[: len(known)] = known
    family, group = (np.array([of.get(text, {}).get(name, -1) for text in texts]) for name in ("family", "group"))
    asks = np.array([of.get(text, {}).get("asks", False) for text in texts])
    return Corpus(ids, np.concatenate(vectors).astype(np.float32), family, group, asks, np.array(natural), np.array(tuning))


def principal_axes(vectors: Floats, dim: int) -> Floats:
    """Not centred: cosines are to stay what they are. The last axis is none of the teacher's; see `shared`."""
    axes = np.linalg.eigh(vectors.T @ vectors)[1][:, ::-1][:, :dim].astype(np.float32)
    axes[:, -1] = 0
    return axes


def unit(vectors: Floats) -> Floats:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


def leaves(vectors: Floats, size: int, random: np.random.Generator, whole: bool = False) -> Iterator[Ints]:
    """A tree of random cuts, each across the line between two of the texts it parts: its leaves are texts near one another,
    just `size` of them unless the `whole` leaf is asked for."""
    open_to = [random.permutation(len(vectors))]
    while open_to:
        texts = open_to.pop()
        if len(texts) < 2 * size:
            if len(texts) >= size:
                yield texts if whole else texts[:size]
            continue
        one, other = vectors[random.choice(texts, 2)]
        ordered = texts[np.argsort(vectors[texts] @ (one - other), kind="stable")]
        half = len(ordered) // 2 // size * size
        open_to += [ordered[:half], ordered[half:]]


@numba.njit
def take(table: Floats, ids: NDArray[np.int32], rows: Floats) -> None:
    for text in range(ids.shape[0]):
        for place in range(ids.shape[1]):
            if ids[text, place] < 0:
                rows[text, place] = 0
            else:
                rows[text, place] = table[ids[text, place]]


@numba.njit
def gather(gradient: Floats, ids: NDArray[np.int32], place_of: Ints, sums: Floats) -> None:
    for text in range(ids.shape[0]):
        for place in range(ids.shape[1]):
            if ids[text, place] >= 0:
                sums[place_of[ids[text, place]]] += gradient[text, place]


@numba.njit(fastmath=True)
def adam(table: Floats, first: Floats, second: Floats, rows: Ints, gradient: Floats, rate: float, warm_first: float, warm_second: float) -> None:
    for index in range(len(rows)):
        row = rows[index]
        for at in range(table.shape[1]):
            slope = gradient[index, at]
            first[row, at] = np.float32(0.9) * first[row, at] + np.float32(0.1) * slope
            second[row, at] = np.float32(0.99) * second[row, at] + np.float32(0.01) * slope * slope
            table[row, at] -= rate * (first[row, at] * warm_first) / (np.sqrt(second[row, at] * warm_second) + np.float32(1e-8))


@numba.njit
def to_levels(table: Floats, levelled: Floats, rows: Ints, kinds: Ints, levels: Floats, between: Floats) -> None:
    """As `student.quantized`, for some rows."""
    for row in rows:
        own = np.float32(1e-9)
        for at in range(kinds[0, 1]):
            own = max(own, abs(table[row, at]) / np.float32(STEPS))
        for at in range(kinds[0, 1]):
            levelled[row, at] = np.rint(table[row, at] / own) * own
        for kind in range(1, len(kinds)):
            start, end = kinds[kind]
            squares = np.float32(0)
            for at in range(start, end):
                squares += table[row, at] * table[row, at]
            scale = max(np.sqrt(squares / (end - start)) * np.float32(USUAL_TOP / 127), np.float32(1e-9))
            along, across = np.float32(0), np.float32(0)
            for at in range(start, end):
                step = 0
                while step < 7 and abs(table[row, at]) / scale > between[step]:
                    step += 1
                level = levels[step] if table[row, at] >= 0 else -levels[step]
                levelled[row, at] = level
                along += level * table[row, at]
                across += level * level
            for at in range(start, end):
                levelled[row, at] *= max(along / across, np.float32(1e-12))


def first_table(vectors: Floats, share: Floats, widths: Widths, settings: Settings, random: np.random.Generator) -> Floats:
    """A token's own part is its vector by the teacher, lighter the more frequent it is; the other parts are projections of it, so that like tokens begin alike."""
    table = np.empty((len(vectors), widths.width), np.float32)
    for name, at in widths.parts.items():
        size = at.stop - at.start
        spread = 0.1 if name in ("hears", "says") else 0.3
        table[:, at] = vectors @ (spread * random.standard_normal((widths.dim, size))).astype(np.float32) + 0.002 * random.standard_normal((len(vectors), size))
    table[:, widths.parts["own"]] = vectors * (settings.sif / (settings.sif + share))[:, None]
    return table


class Trainer:
    def __init__(self, corpus: Corpus, table: Floats, target: Floats, widths: Widths, settings: Settings) -> None:
        self.corpus, self.target, self.widths, self.settings = corpus, target, widths, settings
        self.random = np.random.default_rng(settings.seed)
        self.table = table
        self.layers = first_layers(widths, self.random)
        self.kinds = np.array([(kind.start, kind.stop) for kind in widths.kinds])
        self.levelled = table.copy()
        self.bring_to_levels(np.arange(len(table)))
        self.place_of = np.zeros(len(table), np.int64)
        self.lengths = (corpus.ids >= 0).sum(1)
        self.single = np.flatnonzero((corpus.family < 0) & (corpus.group < 0))
        self.families = [members for members in self.together(corpus.family) if len(members) > 3]
        self.groups = self.together(corpus.group)
        self.slopes = jax.jit(jax.value_and_grad(self.loss, argnums=(0, 1)))
        self.sums = jax.jit(lambda rows, there, layers: sums_of(widths, rows, layers, there))

    def together(self, numbers: Ints) -> list[Ints]:
        members: dict[int, list[int]] = {}
        for text in np.flatnonzero(numbers >= 0):
            members.setdefault(int(numbers[text]), []).append(int(text))
        return [np.array(some) for some in members.values()]

    def centres(self, some: list[Ints]) -> Floats:
        return np.array([self.target[members].mean(0) for members in some])

    def bring_to_levels(self, rows: Ints) -> None:
        to_levels(self.table, self.levelled, rows, self.kinds, HALF_LEVELS, BETWEEN)

    def leaves_of_families(self) -> Iterator[Ints]:
        for some in leaves(self.centres(self.families), FAMILIES_A_LEAF, self.random):
            leaf = np.concatenate([self.families[family] for family in some])[:LEAF]
            if len(leaf) == LEAF:
                yield leaf

    def leaves_of_groups(self) -> Iterator[Ints]:
        """Groups near one another, as many as there is room for; what is left of it goes to others, drawn at random."""
        order = np.concatenate(list(leaves(self.centres(self.groups), GROUPS_A_LEAF, self.random, whole=True)))
        leaf: list[int] = []
        for group in order:
            if len(leaf) + len(self.groups[group]) > LEAF:
                while len(leaf) < LEAF:
                    leaf += list(self.groups[self.random.choice(order)])
                yield np.array(leaf[:LEAF])
                leaf = []
            leaf += list(self.groups[group])

    def batches(self, tuning: bool) -> list[tuple[int, Ints]]:
        """Sixteen leaves of texts of much the same length, and that length."""
        single = self.single
        if tuning:
            single = self.random.choice(single[self.corpus.tuning[single]], min(self.settings.tuning, self.corpus.tuning[single].sum()), replace=False)
        found = [single[leaf] for leaf in leaves(self.target[single], LEAF, self.random)]
        found += self.leaves_of_groups()
        found += self.leaves_of_groups() if tuning else self.leaves_of_families()
        all_leaves = np.array(found)
        longest_but_one = np.sort(self.lengths[all_leaves], 1)[:, -2]
        of = np.searchsorted(LENGTHS, longest_but_one).clip(0, len(LENGTHS) - 1)
        size = self.settings.batch // LEAF
        batches = []
        for index, length in enumerate(LENGTHS):
            alike = self.random.permutation(np.flatnonzero(of == index))
            batches += [(length, all_leaves[alike[at : at + size]].ravel()) for at in range(0, len(alike) - size + 1, size)]
        self.random.shuffle(batches)
        return batches

    def run(self) -> None:
        settings = self.settings
        self.rounds(settings.epochs, settings.rate, settings.layer_rate)
        self.rounds(1, settings.tuning_rate, settings.tuning_layer_rate, tuning=True)

    def rounds(self, count: int, rate: float, layer_rate: float, tuning: bool = False) -> None:
        self.first, self.second = np.zeros_like(self.table), np.zeros_like(self.table)
        self.layer_moments = {name: [np.zeros_like(layer), np.zeros_like(layer)] for name, layer in self.layers.items()}
        steps = count * len(self.batches(tuning))
        step = 0
        for epoch in range(count):
            total = 0.0
            batches = self.batches(tuning)
            for length, chosen in batches:
                step += 1
                left = max(0, 1 - step / steps)
                total += self.step(chosen, length, step, rate * left, layer_rate * left, tuning)
            print(f"{'tuning' if tuning else f'round {epoch + 1}'}: loss {total / len(batches):.4f}", flush=True)

    def inputs(self, ids: NDArray[np.int32]) -> tuple[Floats, Floats]:
        rows = np.empty((*ids.shape, self.widths.width), np.float32)
        take(self.levelled, ids, rows)
        return rows, (ids >= 0).astype(np.float32)[..., None]

    def step(self, chosen: Ints, length: int, step: int, rate: float, layer_rate: float, tuning: bool) -> float:
        ids = np.ascontiguousarray(self.corpus.ids[chosen][:, :length])
        rows, there = self.inputs(ids)
        tell = np.float32(self.settings.tell if tuning else 0)
        group, asks = self.corpus.group[chosen].reshape(-1, LEAF), self.corpus.asks[chosen].reshape(-1, LEAF)
        loss, (row_slopes, layer_slopes) = self.slopes(rows, self.layers, there, self.target[chosen], tell, group, asks)
        met = np.unique(ids[ids >= 0]).astype(np.int64)
        self.place_of[met] = np.arange(len(met))
        gradient = np.zeros((len(met), self.widths.width), np.float32)
        gather(np.asarray(row_slopes), ids, self.place_of, gradient)
        warm = np.float32(1 / (1 - 0.9**step)), np.float32(1 / (1 - 0.99**step))
        adam(self.table, self.first, self.second, met, gradient, np.float32(rate), *warm)
        self.bring_to_levels(met)
        for name, slope in layer_slopes.items():
            first, second = self.layer_moments[name]
            first += 0.1 * (np.asarray(slope) - first)
            second += 0.01 * (np.asarray(slope) ** 2 - second)
            self.layers[name] = self.layers[name] - np.float32(layer_rate) * (first * warm[0]) / (np.sqrt(second * warm[1]) + 1e-8)
        return float(loss)

    def loss(self, rows: jax.Array, layers: dict[str, jax.Array], there: jax.Array, target: jax.Array, tell: float, group: jax.Array, asks: jax.Array) -> jax.Array:
        settings = self.settings
        student = vectors_of(self.widths, rows, layers, there)
        count = len(target)
        regress = 1 - (student * target).sum(-1).mean()
        others = -1e9 * jnp.eye(count)
        ours = jax.nn.log_softmax(student @ student.T / settings.heat + others)
        theirs = jax.nn.log_softmax(target @ target.T / settings.heat + others)
        relate = (jnp.exp(theirs) * (theirs - ours)).sum(-1).mean()
        leaf, leaf_target = student.reshape(-1, LEAF, self.widths.dim), target.reshape(-1, LEAF, self.widths.dim)
        cosines, wanted = leaf @ leaf.swapaxes(1, 2), leaf_target @ leaf_target.swapaxes(1, 2)
        off = cosines - wanted
        weight = (1 - jnp.eye(LEAF)) * (1 + settings.nearest * jax.nn.sigmoid((wanted - 0.6) / 0.05))
        near = (off * off * weight).sum() / (len(leaf) * LEAF * (LEAF - 1))
        told = tell * self.told(cosines, group, asks)
        return settings.regress * regress + settings.relate * relate + settings.near * near + told

    def told(self, cosines: jax.Array, group: jax.Array, asks: jax.Array) -> jax.Array:
        """How hard it is to find what asks the same among what looks alike and what other groups of the leaf ask (InfoNCE)."""
        one, other = asks[:, :, None], asks[:, None]
        mine = (group[:, :, None] == group[:, None]) & (group[:, :, None] >= 0) & (jnp.eye(LEAF) == 0)
        foreign = (group[:, :, None] != group[:, None]) & (group[:, :, None] >= 0) & (group[:, None] >= 0)
        same, alike = mine & one & other, mine & (one != other)
        scores = jnp.exp((cosines - 1) / self.settings.tell_heat)
        wrong = (scores * (alike | foreign)).sum(-1, keepdims=True)
        return (same * (jnp.log(scores + wrong) - jnp.log(scores))).sum() / (same.sum() + 1)

    def encode(self, ids: NDArray[np.int32]) -> tuple[Floats, float]:
        """Unit vectors, and how much of the last coordinate, which all texts share, makes it as long as was set."""
        sums = [self.sums(*self.inputs(np.ascontiguousarray(part)), self.layers) for part in np.array_split(ids, 1 + len(ids) // 512)]
        vectors, apart = (np.concatenate([np.asarray(each) for each in some]) for some in zip(*sums))
        return unit(vectors), float(self.settings.shared * np.linalg.norm(vectors, axis=1).mean() / apart.mean())


def correlation_near(student: Floats, teacher: Floats) -> float:
    """The mean correlation with the teacher's cosines among the 50 nearest, on texts held out."""
    probe = slice(0, 2000)
    ours, theirs = student[probe] @ student.T, teacher[probe] @ teacher.T
    near = np.argpartition(-theirs, 50, axis=1)[:, :50]
    ours, theirs = np.take_along_axis(ours, near, 1), np.take_along_axis(theirs, near, 1)
    return float(np.mean([np.corrcoef(a, b)[0, 1] for a, b in zip(ours, theirs)]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    for name, value in asdict(Settings()).items():
        parser.add_argument(f"--{name}", type=type(value), default=value)
    args = vars(parser.parse_args())
    folder, out = args.pop("corpus"), args.pop("out")
    settings = Settings(**args)
    widths = Widths(settings.dim, settings.window, settings.bag, settings.context)
    random = np.random.default_rng(settings.seed)

    tokens = (folder / "tokens.txt").read_text().split("\n")
    corpus = load_corpus(folder, Tokenizer(tokens))
    away = random.random(len(corpus.ids)) < 0.02
    rest = corpus.part(away & corpus.natural)
    corpus = corpus.part(~away)
    axes = principal_axes(corpus.teacher[:100_000], settings.dim)
    share = np.bincount(corpus.ids[corpus.ids >= 0], minlength=len(tokens)) / (corpus.ids >= 0).sum()
    vectors = unit(MiniLM().encode([token.removeprefix(CONTINUATION) or token for token in tokens]) @ axes)
    table = first_table(vectors, share, widths, settings, random)
    trainer = Trainer(corpus, table, unit(corpus.teacher @ axes), widths, settings)
    print(f"{len(corpus.ids)} texts, {len(tokens)} tokens of {widths.width} numbers", flush=True)
    trainer.run()
    vectors, shared = trainer.encode(rest.ids)
    print(f"near, held out: {correlation_near(vectors, rest.teacher):.4f}; shared {shared:.3f}", flush=True)
    sources = {path.stem for path in folder.glob("*.jsonl")} - {"pairs"} | set(PAIR_SETS)
    header = {"name": NAME, "teacher": "all-MiniLM-L6-v2", "trainedOn": sorted(sources), "shared": round(shared, 4)}
    layers = {name: trainer.layers[name].astype(np.float32) for name in widths.layers}
    StaticModel.quantize(header, tokens, widths, trainer.table, layers, trainer.layers["output"]).save(out)


if __name__ == "__main__":
    main()
