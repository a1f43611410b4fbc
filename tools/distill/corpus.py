"""Gathers the corpus: one JSON lines file a source, {"text"} for plain text, with "same" and "other" where a rule or a person
knows them, with "family" where texts were made of one, with "group" and "asks" where they were written as one; and the
vocabulary, a token a line."""

from __future__ import annotations

import argparse
import itertools
import json
import random
import re
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

import wordnet
from phrasings import Questions
from recombine import Families, every_word, patients, recombined
from student import words_of
from variants import Variants
from vocabulary import choose_vocabulary

SEED = 20
MAX_CHARS = 320
TOKENS = 32_000
PAIR_SETS = ("redis_langcache_gen", "snips_slotpairs", "paws_wiki_en", "stsb")
VARIED = ("query-wellformedness", "webquestions")
VARIANTS = 14_000
PARTED = ("query-wellformedness", "webquestions", "disfl-qa", "hwu64", "clinc150", "natural-questions", "askubuntu")  # taken to pieces
FAMILIES = {"askubuntu": 7000, "query-wellformedness": 9000, "natural-questions": 2500, "webquestions": 1000, "hwu64": 700, "clinc150": 700,
            "medquad": 1500, "patients": 2500, "disfl-qa": 800, "schema-dialogues": 600}  # fmt: skip
JUDGED = ("qqp.jsonl", "qqp_stream.jsonl", "mqp.jsonl", "paws_qqp.jsonl", "stackfaq.jsonl", "banking77.jsonl")
WRITTEN = Path(__file__).parent / "questions"
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


def ask_ubuntu(folder: Path, names: tuple[str, ...]) -> Iterator[Row]:
    """Titles that were found to ask the same, or not, out of files that hold a question's text as well."""
    for name in names:
        for line in (folder / f"noclue/{name}.tsv").read_text(errors="replace").splitlines():
            label, *texts = line.split("\t")
            titles = [re.sub(r"\s+", " ", text.split("<p>")[0]).strip() for text in texts]
            if len(titles) == 2 and all(4 < len(title) < 200 for title in titles):
                yield {"text": titles[0], ("same" if label == "duplicate" else "other"): titles[1]}


def written(folder: Path) -> Iterator[dict]:
    """Groups: lines that ask the same, and, behind an exclamation mark, such as look alike and do not."""
    blocks = (block for path in sorted(folder.glob("*.txt")) for block in re.split(r"\n\s*\n", path.read_text()))
    for number, block in enumerate(blocks):
        for line in filter(None, map(str.strip, block.split("\n"))):
            yield {"text": line.lstrip("! "), "group": number, "asks": not line.startswith("!")}


def asked_of(path: Path) -> dict[str, list[str]]:
    """The names of illnesses and of drugs that questions of MedQuAD are about."""
    texts = [row["text"] for row in med_quad(path)]
    about = {
        "diseases": r"(?:What is|What are the symptoms of|What are the treatments for) ([^?]{3,40}?)\s*\?",
        "drugs": r".*(?:taking|about|overdose of|prescribed for|how should) ([A-Za-z][A-Za-z -]{3,25}?)(?: be used| prescribed|\s*\?)",
    }
    return {name: list(dict.fromkeys(match[1] for text in texts if (match := re.match(pattern, text)))) for name, pattern in about.items()}


def sources(inputs: Path, data: Path, net: wordnet.WordNet) -> dict[str, tuple[int, Iterable[Row]]]:
    """Every source with the most rows taken of it."""
    asked = Questions(SEED, net.nouns, net.deeds, net.ailments)
    well_formed = (line for name in ("train", "dev", "test") for line in (inputs / f"query-wellformedness/{name}.tsv").read_text().splitlines())
    disfl = (json.loads((inputs / f"Disfl-QA/{name}.json").read_text()) for name in ("train", "dev", "test"))
    web = (json.loads((inputs / f"dataset-factoid-webquestions/main/{name}.json").read_text()) for name in ("trainmodel", "val", "devtest", "test"))
    simple = (line for name in ("train", "valid", "test") for line in (inputs / f"wikidata-simplequestions/annotated_wd_data_{name}.txt").read_text().splitlines())
    searched = (row for path in sorted((inputs / "natural-questions/nq_open").glob("*.1.1.jsonl")) for row in rows(path))
    searched = itertools.chain(rows(inputs / "natural-questions/nq_open/NQ-open.dev.jsonl"), searched)
    ubuntu = inputs / "Duplicate-Question-Detection/corpora/askubuntu"
    return {
        "query-wellformedness": (30_000, ({"text": line.split("\t")[0]} for line in well_formed)),
        "disfl-qa": (15_000, ({"text": item["original"]} for part in disfl for item in part.values())),
        "webquestions": (6_000, ({"text": item["qText"]} for part in web for item in part)),
        "askubuntu": (25_000, ask_ubuntu(ubuntu, ("train_titles", "val"))),
        "natural-questions": (20_000, ({"text": row["question"]} for row in searched)),
        "simplequestions": (27_000, ({"text": line.split("\t")[3]} for line in simple)),
        "medquad": (12_000, med_quad(inputs / "MedQuAD")),
        "clinc150": (4_000, ({"text": row["text"], "intent": row["intent"]} for row in rows(data / "clinc150.jsonl"))),
        "hwu64": (4_000, ({"text": row["text"], "intent": row["intent"]} for row in rows(data / "hwu64.jsonl"))),
        "pairs": (8_000, ({"text": row["a"], ("same" if row["same"] else "other"): row["b"]}
                          for name in PAIR_SETS for row in rows(data / f"{name}.jsonl"))),
        "questions": (12_000, ({"text": a, "same": b, "other": c} for a, b, c in itertools.islice(asked, 60_000))),
        "schema-dialogues": (34_000, schema_dialogues(inputs / "dstc8-schema-guided-dialogue")),
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

    def texts_in(*names: str) -> list[str]:
        kept = [row for name in names for row in rows(args.out / f"{name}.jsonl")]
        return list(dict.fromkeys(row[field] for row in kept for field in ("text", "same", "other") if field in row))

    def fresh(texts: Iterable[str]) -> list[Row]:
        """Those not met yet, nor judged."""
        kept = {key(text): text for text in texts}
        new = [{"text": text} for name, text in kept.items() if name not in seen and name not in judged]
        seen.update(kept)
        return new

    pick = random.Random(SEED)
    asked = Questions(SEED + 1, net.nouns, net.deeds, net.ailments)
    parted = texts_in(*PARTED)
    met: set[str] = set()
    groups = []
    for row in written(WRITTEN):
        name = key(row["text"])
        if name not in met and name not in judged and 8 <= len(row["text"]) <= MAX_CHARS:
            met.add(name)
            groups.append(row)
    write("written", groups, len(groups))
    write("recombined", fresh(recombined(parted, [asked.doing() for _ in range(3000)], net.nouns, pick)), 90_000)
    write("patients", fresh(patients(**asked_of(args.inputs / "MedQuAD"), pick=pick, count=6000)), 20_000)
    words = Counter(chain.from_iterable(map(words_of, texts_in("written", *(name for name in sources(args.inputs, args.data, net) if name != "questions")))))
    tokens = choose_vocabulary(words, TOKENS)
    (args.out / "tokens.txt").write_text("\n".join(tokens))
    whole = [token for token in tokens if token.isalpha() and len(token) > 2]
    write("every-word", fresh(every_word(whole, texts_in("query-wellformedness", "natural-questions"), net, pick)), 120_000)
    heads = [text for name, most in FAMILIES.items() for text in (lambda found: pick.sample(found, min(most, len(found))))(texts_in(name))]
    families = Families(net, heads, SEED)
    write("families", [{"text": text, "family": number} for number, head in enumerate(heads) for text in families.of(head) if key(text) not in judged], 200_000)


if __name__ == "__main__":
    main()
