"""The student's network in JAX, over rows that are floats: what `student.py` does, so that it can be trained."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from student import Widths

Floats = NDArray[np.float32]
MOST_WEIGHT = 3.0  # of a word, as a logarithm


def first_layers(widths: Widths, random: np.random.Generator) -> dict[str, Floats]:
    layers = {name: np.zeros(shape, np.float32) for name, shape in widths.layers.items()}
    for name in ("start", "end"):
        layers[name] = 0.1 * random.standard_normal(widths.window).astype(np.float32)
    layers["output"] = 0.02 * random.standard_normal((widths.window + widths.bag, widths.dim)).astype(np.float32)
    return layers


def vectors_of(widths: Widths, rows: jax.Array, layers: dict[str, jax.Array], there: jax.Array) -> jax.Array:
    """Unit vectors; rows [text, place, width], zeros where `there` [text, place, 1] is 0. Without what all share."""
    vectors, _ = sums_of(widths, rows, layers, there)
    return vectors / jnp.sqrt((vectors * vectors).sum(-1, keepdims=True) + 1e-12)


def sums_of(widths: Widths, rows: jax.Array, layers: dict[str, jax.Array], there: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Vectors that are of no certain length, and how long each would be, in words' lengths, if its words had nothing to do with one another."""
    part = {name: rows[..., at] for name, at in widths.parts.items()}
    count = jnp.maximum(there.sum(1), 1)
    texts = len(rows)
    edge = {name: jnp.broadcast_to(layers[name], (texts, 1, widths.window)) for name in ("start", "end")}
    nothing = jnp.zeros((texts, 1, 1))
    before = jnp.concatenate([edge["start"], part["before"][:, :-1]], 1)
    after = jnp.concatenate([part["after"][:, 1:], edge["end"]], 1)
    after = jnp.where(jnp.concatenate([there[:, 1:], nothing], 1) > 0, after, layers["end"])
    window = jax.nn.relu(before + part["itself"] + after + layers["window_bias"]) * there
    topic = part["says"].sum(1) / count + layers["context_bias"]
    heard = (part["hears"] * topic[:, None]).sum(-1, keepdims=True) + (window * layers["attention"]).sum(-1, keepdims=True)
    weights = there * jnp.exp(jnp.clip(heard, -MOST_WEIGHT, MOST_WEIGHT))
    bag = jax.nn.relu(part["bag"].sum(1) / count + layers["bag_bias"])
    hidden = jnp.concatenate([window.sum(1) / count, bag], -1)
    vectors = (part["own"] * weights).sum(1) / count + hidden @ layers["output"]
    return vectors.at[:, -1].set(0), jnp.sqrt(weights.sum((1, 2))) / count[:, 0]
