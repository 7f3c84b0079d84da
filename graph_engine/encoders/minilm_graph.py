"""The network of all-MiniLM-L6-v2 (Apache-2.0), from its weights to ONNX.

A BERT of 6 layers, 12 heads and 384 dimensions, whose last states are averaged. It takes one text a call, so that it
needs no mask, and a text's vector depends on nothing but the text: 8-bit activations are scaled by the batch.
"""

import json
import math
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

from graph_engine.encoders.onnx_writing import GraphWriter, words_input

Weights = dict[str, NDArray[np.float32]]
_EPSILON = 1e-12


def write_minilm(source: Path, target: Path) -> None:
    """Write the network of the weights in a folder as they were published."""
    weights: Weights = load_file(source / "model.safetensors")
    settings = json.loads((source / "config.json").read_text("utf-8"))
    width, heads = int(settings["hidden_size"]), int(settings["num_attention_heads"])
    writer = GraphWriter()
    states = _embedded(writer, weights)
    for layer in range(int(settings["num_hidden_layers"])):
        states = _layer(writer, _of_layer(weights, layer), states, width, heads)
    mean = writer.node("ReduceMean", states, writer.integers(1), keepdims=0)
    output = writer.node("LpNormalization", mean, axis=-1, p=2)
    writer.write(target, inputs=words_input(), output=output, width=width)


def _of_layer(weights: Weights, layer: int) -> Weights:
    prefix = f"encoder.layer.{layer}."
    return {name.removeprefix(prefix): value for name, value in weights.items() if name.startswith(prefix)}


def _embedded(writer: GraphWriter, weights: Weights) -> str:
    """Add what a word, its place and the kind of segment say."""
    words = writer.node("Gather", writer.constant(weights["embeddings.word_embeddings.weight"]), "words")
    length = writer.node("Shape", "words", start=1, end=2)
    zero = writer.integers(0)
    places = writer.node("Slice", writer.constant(weights["embeddings.position_embeddings.weight"]), zero, length, zero)
    kind = writer.constant(weights["embeddings.token_type_embeddings.weight"][0])
    total = writer.node("Add", writer.node("Add", words, places), kind)
    return writer.normalized(
        total, weights["embeddings.LayerNorm.weight"], weights["embeddings.LayerNorm.bias"], _EPSILON
    )


def _layer(writer: GraphWriter, weights: Weights, states: str, width: int, heads: int) -> str:
    def dense(inputs: str, name: str) -> str:
        return writer.linear(inputs, weights[f"{name}.weight"].T, weights[f"{name}.bias"])

    def joined(inputs: str, name: str, before: str) -> str:
        total = writer.node("Add", dense(inputs, f"{name}.dense"), before)
        return writer.normalized(
            total, weights[f"{name}.LayerNorm.weight"], weights[f"{name}.LayerNorm.bias"], _EPSILON
        )

    def of_heads(name: str, order: list[int]) -> str:
        shape = writer.integers(0, 0, heads, width // heads)
        return writer.node(
            "Transpose", writer.node("Reshape", dense(states, f"attention.self.{name}"), shape), perm=order
        )

    scores = writer.node("MatMul", of_heads("query", [0, 2, 1, 3]), of_heads("key", [0, 2, 3, 1]))
    scaled = writer.node("Mul", scores, writer.constant(np.array(1 / math.sqrt(width // heads), np.float32)))
    seen = writer.node("MatMul", writer.node("Softmax", scaled, axis=-1), of_heads("value", [0, 2, 1, 3]))
    flat = writer.node("Reshape", writer.node("Transpose", seen, perm=[0, 2, 1, 3]), writer.integers(0, 0, width))
    attended = joined(flat, "attention.output", states)
    return joined(writer.node("Gelu", dense(attended, "intermediate.dense")), "output", attended)
