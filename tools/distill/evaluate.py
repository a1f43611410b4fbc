"""Measures an encoder: a static file (a path), `minilm`, or `ngrams`.

Pair AUC for every labelled set, recall of the right entry among the top 8 earlier prompts of a stream, and, for the
stream's natural mix, what a threshold on the cosine alone serves.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.stats import rankdata

from student import StaticModel
from teacher import MiniLM

Floats = NDArray[np.float32]
Encoder = Callable[[Sequence[str]], Floats]

PAIRS = ("qqp", "mqp", "redis_langcache_gen", "stsb", "paws_qqp", "paws_wiki_en", "snips_slotpairs")
INTENTS = ("stackfaq", "banking77", "clinc150", "hwu64")
TOP = 8
NGRAM_BUCKETS = 2**12


def rows(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def auc(scores: NDArray, same: NDArray) -> float:
    """The chance that a same pair scores above another one."""
    ranks = rankdata(scores)
    positives = int(same.sum())
    return float((ranks[same].sum() - positives * (positives + 1) / 2) / (positives * (len(same) - positives)))


def ngrams(texts: Sequence[str]) -> Floats:
    """Character 3- to 5-grams, hashed, weighed by how rare they are among these texts."""
    at: list[int] = []
    owner: list[int] = []
    for index, text in enumerate(texts):
        padded = f" {' '.join(text.lower().split())} "
        grams = Counter(padded[start : start + size] for size in (3, 4, 5) for start in range(len(padded) - size + 1))
        at += [int.from_bytes(hashlib.blake2b(gram.encode(), digest_size=4).digest(), "big") % NGRAM_BUCKETS for gram in grams]
        owner += [index] * len(grams)
    counts = csr_matrix((np.ones(len(at), np.float32), (owner, at)), (len(texts), NGRAM_BUCKETS))
    rare = np.log(len(texts) / (1 + np.bincount(counts.indices, minlength=NGRAM_BUCKETS)))
    vectors = np.asarray(counts.todense()) * np.maximum(rare, 0).astype(np.float32)
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)


def cached_minilm(folder: Path | None) -> Encoder:
    teacher = MiniLM()

    def encode(texts: Sequence[str]) -> Floats:
        digest = hashlib.sha256("\n".join(texts).encode()).hexdigest()
        path = folder and folder / f"{digest[:16]}.npy"
        if path and path.exists():
            return np.load(path)
        vectors = teacher.encode(texts)
        if path:
            path.parent.mkdir(parents=True, exist_ok=True)
            np.save(path, vectors)
        return vectors

    return encode


def encoder_of(name: str, cache: Path | None = None) -> Encoder:
    return {"minilm": lambda: cached_minilm(cache), "ngrams": lambda: ngrams}.get(name, lambda: StaticModel.load(Path(name)).encode)()


def pair_auc(encode: Encoder, path: Path) -> float:
    items = rows(path)
    vectors = encode([item["a"] for item in items] + [item["b"] for item in items])
    scores = (vectors[: len(items)] * vectors[len(items) :]).sum(1)
    return auc(scores, np.array([item["same"] for item in items], bool))


def intent_auc(encode: Encoder, path: Path) -> float:
    """Over every pair of texts; those of no intent are left out."""
    items = [item for item in rows(path) if item["intent"] != "oos"]
    vectors = encode([item["text"] for item in items])
    intents = np.unique([item["intent"] for item in items], return_inverse=True)[1]
    first, second = np.triu_indices(len(items), 1)
    return auc((vectors @ vectors.T)[first, second], intents[first] == intents[second])


def stream_recall(vectors: Floats, clusters: NDArray) -> float:
    """Of the prompts with an earlier one of their cluster: how many have one among the nearest earlier ones."""
    found = total = 0
    for at in range(1, len(vectors)):
        if clusters[at] in clusters[:at]:
            near = np.argsort(-(vectors[:at] @ vectors[at]))[:TOP]
            total += 1
            found += clusters[at] in clusters[near]
    return found / total


def thresholds(vectors: Floats, clusters: NDArray, floors: NDArray) -> list[tuple[float, float, float]]:
    """For each floor: recall of the possible hits, and the share of hits that are wrong, when the nearest is served."""
    scores, right, possible = [], [], 0
    for at in range(1, len(vectors)):
        near = vectors[:at] @ vectors[at]
        best = int(near.argmax())
        scores.append(near[best])
        right.append(clusters[best] == clusters[at])
        possible += clusters[at] in clusters[:at]
    score, is_right = np.array(scores), np.array(right)
    return [(float(floor), float(is_right[score >= floor].sum() / possible), float(1 - is_right[score >= floor].mean()))
            for floor in floors if (score >= floor).any()]  # fmt: skip


def measure(encode: Encoder, data: Path, names: Sequence[str] = PAIRS + INTENTS, stream: bool = True) -> dict[str, float]:
    figures = {name: (pair_auc if name in PAIRS else intent_auc)(encode, data / f"{name}.jsonl") for name in names}
    if stream:
        items = rows(data / "qqp_stream.jsonl")
        clusters = np.unique([item["cluster"] for item in items], return_inverse=True)[1]
        figures["recall@8"] = stream_recall(encode([item["prompt"] for item in items]), clusters)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("encoders", nargs="+")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path, help="where to keep the teacher's vectors")
    parser.add_argument("--thresholds", action="store_true", help="also what each threshold serves of the natural mix")
    args = parser.parse_args()

    encoders = {Path(name).stem: encoder_of(name, args.cache) for name in args.encoders}
    table = {name: measure(encode, args.data) for name, encode in encoders.items()}
    print(f"{'':20}" + "".join(f"{name:>12}" for name in table))
    for row in next(iter(table.values())):
        print(f"{row:20}" + "".join(f"{figures[row]:12.4f}" for figures in table.values()))
    if args.thresholds:
        items = [item for item in rows(args.data / "qqp_stream.jsonl") if item["kind"] != "hardneg"]
        clusters = np.unique([item["cluster"] for item in items], return_inverse=True)[1]
        for name, encode in encoders.items():
            print(f"\n{name}: threshold, recall of possible hits, wrong per hit")
            for floor, recall, wrong in thresholds(encode([item["prompt"] for item in items]), clusters, np.arange(0.5, 0.99, 0.02)):
                print(f"{floor:10.2f}{recall:10.3f}{wrong:10.3f}")


if __name__ == "__main__":
    main()
