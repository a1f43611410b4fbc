"""Runs the teacher over the corpus: for every NAME.jsonl a NAME.npy of float16 rows, in the order of `texts_of`."""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from teacher import MiniLM

CHUNK = 16_384


def texts_of(path: Path) -> list[str]:
    """The distinct texts of one corpus file, in order of appearance."""
    with path.open() as file:
        rows = [json.loads(line) for line in file]
    return list(dict.fromkeys(row[field] for row in rows for field in ("text", "same", "near", "other") if field in row))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("names", nargs="*", help="which files; all of them unless named")
    args = parser.parse_args()

    teacher = MiniLM()
    known: dict[str, NDArray[np.float16]] = {}
    for path in sorted(args.corpus.glob("*.jsonl")) if not args.names else [args.corpus / f"{name}.jsonl" for name in args.names]:
        target = path.with_suffix(".npy")
        texts = texts_of(path)
        if not target.exists() or len(np.load(target, mmap_mode="r")) != len(texts):
            started = time.monotonic()
            new = [text for text in texts if text not in known]
            for at in range(0, len(new), CHUNK):
                known.update(zip(new[at : at + CHUNK], teacher.encode(new[at : at + CHUNK]).astype(np.float16)))
            np.save(target, np.array([known[text] for text in texts]))
            print(f"{path.stem:22} {len(new):8} new texts, {len(new) / (time.monotonic() - started):.0f} a second", flush=True)
        known.update(zip(texts, np.load(target)))


if __name__ == "__main__":
    main()
