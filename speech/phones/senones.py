"""PocketSphinx's acoustic model read for its states: which of its 5126 senones is a state of which plain phone.

The layout of `mdef` is that of SphinxBase's bin_mdef.c.
"""

import struct
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

NO_SOUNDS = frozenset({"+NSN+", "+SPN+", "SIL"})
STATES = 3
UNIT = 1024 * np.log(1.0001)
"""One step of a stored score, in nats."""
_HEAD = struct.Struct("<10i")
_ENDS_HEAD = b"endhdr\n"
_MARK_BYTES = 4


class States(NamedTuple):
    """The phones in the model's order, `senones` sorted by the plain state they belong to, and where each begins."""

    phones: list[str]
    senones: NDArray[np.int64]
    begins: NDArray[np.int64]

    def fold(self, dumped: bytes) -> NDArray[np.float32]:
        """Return log likelihoods, frames x phones x 3 states, from a file of senone scores: each state's best senone.

        0 is the best of its frame.
        """
        rows = np.frombuffer(dumped, "<i2", offset=dumped.index(_ENDS_HEAD) + len(_ENDS_HEAD) + _MARK_BYTES)
        scores = rows.reshape(-1, len(self.senones) + 1)[:, 1:]
        best = np.minimum.reduceat(scores[:, self.senones], self.begins, axis=1)
        return np.asarray(-UNIT * best.astype(np.float32), np.float32).reshape(len(best), -1, STATES)


def read_states(path: Path) -> States:
    """Read `mdef`."""
    content = path.read_bytes()
    at = 12 + struct.unpack_from("<iii", content)[2]
    plain, phones, in_phone, plain_senones, senones, _, sequences, _, tree, _ = _HEAD.unpack_from(content, at)
    names, at = _names(content, at + _HEAD.size, plain)
    kind = np.dtype([("sequence", "<i4"), ("matrix", "<i4"), ("context", "u1", 4)])
    told = np.frombuffer(content, kind, phones, at + tree * 8)
    at += tree * 8 + phones * kind.itemsize
    (size,) = struct.unpack_from("<i", content, at)
    table = np.frombuffer(content, "<u2", size, at + 4).reshape(sequences, in_phone)
    owner = np.full(senones, -1)
    owner[table[told["sequence"][:plain]]] = table[told["sequence"][:plain]]
    owner[table[told["sequence"][plain:]]] = table[told["sequence"][told["context"][plain:, 1]]]
    order = np.argsort(owner, kind="stable")
    return States(names, order, np.searchsorted(owner[order], np.arange(plain_senones)))


def _names(content: bytes, at: int, count: int) -> tuple[list[str], int]:
    """Return the names of the plain phones, and where what follows them begins: names are padded to words."""
    names, begin = [], at
    for _ in range(count):
        end = content.index(b"\0", at)
        names.append(content[at:end].decode())
        at = end + 1
    return names, begin + (at - begin + 3) // 4 * 4
