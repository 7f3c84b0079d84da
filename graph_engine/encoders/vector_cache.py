"""Vectors by the hash of their text, so that an update reads new texts only."""

import hashlib
import zipfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from graph_engine.vectors import Matrix

Half = NDArray[np.float16]
_KEY_BYTES = 16


class VectorCache:
    """Vectors of half precision; what was not asked for is not written again, so that deleted texts leave nothing.

    A vector is rounded before its first use, so that a map from the cache and one without it are equal.
    """

    def __init__(self, path: Path | None = None) -> None:
        """Read what a map before left; a file that is damaged or of another form counts as none."""
        self._known: dict[str, dict[bytes, Half]] = {}
        self._used: dict[str, dict[bytes, Half]] = {}
        if path is not None:
            self._read(path)

    def find(self, version: str, text: str) -> Matrix | None:
        """Return a text's vector by that version of a model; None where it must be made."""
        key = _key(text)
        vector = self._used.get(version, {}).get(key)
        if vector is None:
            vector = self._known.get(version, {}).get(key)
            if vector is not None:
                self._used.setdefault(version, {})[key] = vector
        return None if vector is None else vector.astype(np.float32)

    def keep(self, version: str, text: str, vector: Matrix) -> Matrix:
        """Keep a vector, and return it as it will be read."""
        rounded = vector.astype(np.float16)
        self._used.setdefault(version, {})[_key(text)] = rounded
        return rounded.astype(np.float32)

    def write(self, path: Path) -> None:
        """Write what was used."""
        arrays = {}
        for version, vectors in sorted(self._used.items()):
            keys = sorted(vectors)
            arrays[f"{version}.keys"] = np.frombuffer(b"".join(keys), np.uint8).reshape(-1, _KEY_BYTES)
            arrays[f"{version}.vectors"] = np.stack([vectors[key] for key in keys])
        with path.open("wb") as file:
            np.savez(file, allow_pickle=False, **arrays)

    def _read(self, path: Path) -> None:
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
                for name in arrays.files:
                    version, _, part = name.rpartition(".")
                    if part == "keys":
                        keys = arrays[name].tobytes()
                        cut = [keys[at : at + _KEY_BYTES] for at in range(0, len(keys), _KEY_BYTES)]
                        self._known[version] = dict(zip(cut, arrays[f"{version}.vectors"], strict=True))
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            self._known = {}


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()[:_KEY_BYTES]
