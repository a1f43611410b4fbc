"""Gathers the corpus: one JSON lines file a source, {"text"} for plain text, with "same" and "other" where a rule knows them."""

from __future__ import annotations

import argparse
import itertools
import json
import random
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable, Iterator
from pathlib import Path

import wordnet
from phrasings import Questions
from variants import Variants

SEED = 20
MAX_CHARS = 320
PAIR_SETS = ("redis_langcache_gen", "snips_slotpairs", "paws_wiki_en", "stsb")
VARIED = ("query-wellformedness", "webquestions")
VARIANTS = 14_000
JUDGED = ("qqp.jsonl", "qqp_stream.jsonl", "mqp.jsonl", "paws_qqp.jsonl", "stackfaq.jsonl", "banking77.jsonl")
Row = dict[str, str]


def key(text: str) -> str:
    return re.sub(r"\W+", " ", text.lower()).strip()


def rows(path: Path) -> Iterator[dict]:
    with path.open() as file:
        yield from (json.loads(line) for line in file)


def debian(path: Path) -> Iterator[Row]:
    """Descriptions of packages: the short one, and the sentences of the long one."""
    for block in path.read_text().split("\n\n"):
        match = re.search(r"Description-en: (.*)\n((?: .*\n?)*)", block)
        if match:
            yield {"text": match[1]}
            for paragraph in re.split(r"\n \.\n", match[2])[:2]:
                text = re.sub(r"\s+", " ", paragraph).strip()
                yield from ({"text": sentence} for sentence in re.split(r"(?<=[.!?]) (?=[A-Z])", text)[:2])


def glosses(net: wordnet.WordNet) -> Iterator[Row]:
    for word, definition, examples in net.glosses:
        yield {"text": f"{word}: {definition}"}
        yield from ({"text": example} for example in examples)


def schema_dialogues(folder: Path) -> Iterator[Row]:
    """What users say in its smaller files, which are more than enough."""
    for path in sorted(path for path in folder.glob("*/dialogues_*.json") if path.stat().st_size <= 4 * 2**20):
        for dialogue in json.loads(path.read_text()):
            yield from ({"text": turn["utterance"]} for turn in dialogue["turns"] if turn["speaker"] == "USER")


def taskmaster(path: Path) -> Iterator[Row]:
    for line in path.read_text().splitlines():
        yield from ({"text": text} for text in re.findall(r"<U>([^<]+)", line))


def med_quad(folder: Path) -> Iterator[Row]:
    for path in sorted(folder.glob("*/*.xml")):
        for question in ElementTree.parse(path).iter("Question"):
            yield {"text": (question.text or "").replace("(are)", "").strip()}


def sources(inputs: Path, data: Path, net: wordnet.WordNet) -> dict[str, tuple[int, Iterable[Row]]]:
    """Every source with the most rows taken of it."""
    asked = Questions(SEED, net.nouns, net.deeds, net.ailments)
    well_formed = (line for name in ("train", "dev", "test") for line in (inputs / f"query-wellformedness/{name}.tsv").read_text().splitlines())
    disfl = (json.loads((inputs / f"Disfl-QA/{name}.json").read_text()) for name in ("train", "dev", "test"))
    web = (json.loads((inputs / f"dataset-factoid-webquestions/main/{name}.json").read_text()) for name in ("trainmodel", "val", "devtest", "test"))
    simple = (inputs / "wikidata-simplequestions/annotated_wd_data_train.txt").read_text().splitlines()
    return {
        "query-wellformedness": (30_000, ({"text": line.split("\t")[0]} for line in well_formed)),
        "disfl-qa": (15_000, ({"text": item["original"]} for part in disfl for item in part.values())),
        "webquestions": (6_000, ({"text": item["qText"]} for part in web for item in part)),
        "simplequestions": (12_000, ({"text": line.split("\t")[3]} for line in simple)),
        "medquad": (6_000, med_quad(inputs / "MedQuAD")),
        "clinc150": (4_000, ({"text": row["text"], "intent": row["intent"]} for row in rows(data / "clinc150.jsonl"))),
        "hwu64": (4_000, ({"text": row["text"], "intent": row["intent"]} for row in rows(data / "hwu64.jsonl"))),
        "pairs": (8_000, ({"text": row["a"], ("same" if row["same"] else "other"): row["b"]}
                          for name in PAIR_SETS for row in rows(data / f"{name}.jsonl"))),
        "questions": (12_000, ({"text": a, "same": b, "other": c} for a, b, c in itertools.islice(asked, 60_000))),
        "schema-dialogues": (14_000, schema_dialogues(inputs / "dstc8-schema-guided-dialogue")),
        "taskmaster": (3_000, taskmaster(inputs / "Taskmaster/TM-3-2020/splits/train/train-bc.tsv")),
        "wordnet": (40_000, glosses(net)),
        "debian": (22_000, debian(inputs / "debian/Translation-en")),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True, help="the labelled sets (only the permissive ones are read, and the judged ones to leave their texts out)")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)

    judged = {key(text) for name in JUDGED for row in rows(args.data / name) for field in ("a", "b", "text", "prompt") if (text := row.get(field))}
    net = wordnet.read(args.inputs / "wordnet")
    seen: set[str] = set()
    questions: list[str] = []

    def write(name: str, kept: list[Row], most: int) -> None:
        random.Random(SEED).shuffle(kept)
        with (args.out / f"{name}.jsonl").open("w") as file:
            file.writelines(json.dumps(item, ensure_ascii=False) + "\n" for item in kept[:most])
        print(f"{name:22} {len(kept):8} kept, {min(most, len(kept)):7} taken")

    for name, (most, items) in sources(args.inputs, args.data, net).items():
        kept = []
        for item in items:
            texts = [item[field] for field in ("text", "same", "other") if field in item]
            keys = [key(text) for text in texts]
            if len(keys[0]) < 4 or keys[0] in seen or judged.intersection(keys) or max(map(len, texts)) > MAX_CHARS:
                continue
            seen.add(keys[0])
            kept.append(item)
        write(name, kept, most)
        if name in VARIED:
            questions += [item["text"] for item in kept[:most]]
    write("variants", list(Variants(net, questions, SEED).of(questions)), VARIANTS)


if __name__ == "__main__":
    main()
