"""Whisper's words in pieces: byte-level BPE (R. Sennrich et al., 2016) from its tokenizer.json.

The package `tokenizers` would do the same, with a downloader that nothing here may have.
"""

import json
import re
from itertools import pairwise
from pathlib import Path

_PIECE = re.compile(r"'s|'t|'re|'ve|'m|'ll|'d| ?[^\W\d_]+| ?\d+| ?[^\s\w]+|_+|\s+(?!\S)|\s+")
_PRINTED = (*range(33, 127), *range(161, 173), *range(174, 256))
"""The bytes that stand for themselves; the others are written as letters from 256 on."""
_UNRANKED = 1 << 30


class Tokens:
    """The vocabulary, with each token's number."""

    def __init__(self, path: Path) -> None:
        """Read a tokenizer.json."""
        told = json.loads(path.read_text("utf-8"))
        self._numbers: dict[str, int] = dict(told["model"]["vocab"])
        self._numbers.update({one["content"]: one["id"] for one in told["added_tokens"]})
        self._names = {number: name for name, number in self._numbers.items()}
        pairs = (pair if isinstance(pair, list) else pair.split(" ") for pair in told["model"]["merges"])
        self._ranks = {(left, right): rank for rank, (left, right) in enumerate(pairs)}
        hidden = [byte for byte in range(256) if byte not in _PRINTED]
        self._letters = {byte: chr(byte) for byte in _PRINTED} | {byte: chr(256 + at) for at, byte in enumerate(hidden)}
        self._bytes = {letter: byte for byte, letter in self._letters.items()}

    def number(self, name: str) -> int:
        """Return the number of a token by its name. Raises KeyError."""
        return self._numbers[name]

    def encode(self, text: str) -> list[int]:
        """Return the tokens of a text."""
        pieces = (self._merged([self._letters[byte] for byte in piece.encode()]) for piece in _PIECE.findall(text))
        return [self._numbers[name] for piece in pieces for name in piece]

    def decode(self, tokens: list[int]) -> str:
        """Return the text of tokens; bytes that are no text become the sign for that."""
        letters = (letter for token in tokens for letter in self._names[token])
        return bytes(self._bytes[letter] for letter in letters if letter in self._bytes).decode("utf-8", "replace")

    def _merged(self, parts: list[str]) -> list[str]:
        while len(parts) > 1:
            rank = min(self._ranks.get(pair, _UNRANKED) for pair in pairwise(parts))
            if rank == _UNRANKED:
                return parts
            parts = self._joined(parts, rank)
        return parts

    def _joined(self, parts: list[str], rank: int) -> list[str]:
        joined: list[str] = []
        at = 0
        while at < len(parts):
            is_pair = at + 1 < len(parts) and self._ranks.get((parts[at], parts[at + 1])) == rank
            joined.append(parts[at] + parts[at + 1] if is_pair else parts[at])
            at += 2 if is_pair else 1
        return joined
