"""The network of the multilingual Universal Sentence Encoder v3 (Google, Apache-2.0), from its weights to ONNX.

Vectors of word pieces, three convolutions of 2, 3 and 5 of them with a short cut each, their normalised sum divided by
the square root of the length, and four dense layers. The table of word pieces stays outside the network.
"""

import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

from graph_engine.encoders.onnx_writing import GraphWriter, vectors_input

Weights = Mapping[str, NDArray[Any]]
PIECE_WIDTH = 512
VECTOR_WIDTH = 512
_WINDOWS = ((2, 0), (3, 1), (5, 2))
"""Each convolution: how many pieces it sees, and how many of them stand before its own."""
_PART = 256


def write_use(weights: Weights, target: Path) -> None:
    """Write the network."""
    writer = GraphWriter()
    epsilon = float(weights["eps"])
    projected = writer.linear("vectors", _side(weights, "proj", axis=1), _side(weights, "proj_b"))
    states = writer.normalized(projected, _side(weights, "ln_g"), _side(weights, "ln_b"), epsilon)
    features = ["vectors", *(_convolved(writer, weights, states, place) for place in range(len(_WINDOWS)))]
    joined = writer.node("Concat", *features, axis=1)
    normal = writer.normalized(joined, weights["ln_g"], weights["ln_b"], epsilon)
    writer.write(target, inputs=vectors_input(PIECE_WIDTH), output=_head(writer, weights, normal), width=VECTOR_WIDTH)


def _side(weights: Weights, name: str, axis: int = 0) -> NDArray[Any]:
    """Return what the three convolutions have of a name, beside each other."""
    return np.concatenate([weights[f"{name}{size}"] for size, _ in _WINDOWS], axis)


def _convolved(writer: GraphWriter, weights: Weights, states: str, place: int) -> str:
    size, before = _WINDOWS[place]
    first, last = writer.integers(place * _PART), writer.integers((place + 1) * _PART)
    part = writer.node("Slice", states, first, last, writer.integers(1))
    for step in ("1", "2"):
        seen = _window(writer, part, size, before)
        dense = writer.linear(seen, weights[f"w{step}_{size}"], weights[f"b{step}_{size}"])
        part = writer.node("Add", writer.node("Relu", dense), part)
    return part


def _window(writer: GraphWriter, states: str, size: int, before: int) -> str:
    """Lay each state beside its neighbours; beyond the ends there is nothing."""
    padded = writer.node("Pad", states, writer.integers(before, 0, size - 1 - before, 0))
    length = writer.node("Shape", "vectors", start=0, end=1)
    shifted = []
    for shift in range(size):
        begin = writer.integers(shift)
        shifted.append(writer.node("Slice", padded, begin, writer.node("Add", length, begin), writer.integers(0)))
    return writer.node("Concat", *shifted, axis=1)


def _head(writer: GraphWriter, weights: Weights, features: str) -> str:
    """Sum over the text, and pass through the dense layers, each of which also sees the one before the last."""
    length = writer.node("Cast", writer.node("Shape", "vectors", start=0, end=1), to=1)
    total = writer.node("ReduceSum", features, writer.integers(0), keepdims=1)
    weighted = writer.node("MatMul", total, writer.constant(weights["cnn_W"]))
    bias = writer.node("Mul", length, writer.constant(weights["cnn_b"].reshape(1, -1)))
    mean = writer.node("Div", writer.node("Add", weighted, bias), writer.node("Sqrt", length))

    def times(inputs: str, name: str) -> str:
        return writer.node("MatMul", inputs, writer.constant(weights[name]))

    one = writer.node("Relu", times(mean, "d0"))
    two = writer.node("Relu", writer.node("Add", times(mean, "p1"), times(one, "d1")))
    three = writer.node("Relu", times(two, "d2"))
    return writer.node("Tanh", writer.node("Add", times(two, "p3"), times(three, "d3")))


def piece_table(weights: Weights, channels: int) -> NDArray[np.uint8]:
    """Return the vectors of word pieces, a byte a dimension; the published file deals them out to `channels` parts."""
    table = np.empty((channels * len(weights["q1"]), PIECE_WIDTH), np.uint8)
    for channel in range(channels):
        table[channel::channels] = weights[f"q{channel + 1}"]
    return table


def use_tokenizer(sentencepiece: bytes) -> Tokenizer:
    """Return the tokenizer that a SentencePiece model describes."""
    top = _fields(sentencepiece)
    vocabulary = []
    for piece in top[1]:
        fields = _fields(piece)
        score = struct.unpack("<f", fields[2][0])[0] if 2 in fields else 0.0
        vocabulary.append((fields[1][0].decode(), score))
    rules = _fields(top[3][0])[2][0]
    tokenizer = Tokenizer(models.Unigram(vocabulary, 0, False))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Precompiled(rules), normalizers.Replace(Regex(" {2,}"), " "), normalizers.Strip()]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="\u2581", prepend_scheme="always", split=True)
    return tokenizer


def _fields(message: bytes) -> dict[int, list[bytes]]:
    """Return the fields of a protocol buffer that have bytes, by number; numbers among them are passed over."""
    fields: dict[int, list[bytes]] = {}
    place = 0
    while place < len(message):
        tag, place = _number(message, place)
        kind = tag & 7
        if kind == 0:
            _, place = _number(message, place)
            continue
        size, place = _number(message, place) if kind == 2 else ({1: 8, 5: 4}[kind], place)
        fields.setdefault(tag >> 3, []).append(message[place : place + size])
        place += size
    return fields


def _number(message: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[place]
        place += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, place
