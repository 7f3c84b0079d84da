"""Where the built models lie, and that they are what was built."""

import hashlib
import json
import os
import sys
from functools import cached_property
from pathlib import Path

from graph_engine.errors import ModelsMissing

DIRECTORY_VARIABLE = "GRAPH_MODELS_DIRECTORY"
MANIFEST = "manifest.json"
MINILM, MINILM_TOKENIZER = "minilm.onnx", "minilm.tokenizer.json"
USE, USE_TOKENIZER, USE_TABLE, USE_SCALES = "use.onnx", "use.tokenizer.json", "use.table.npy", "use.scales.npz"
FILES = (MINILM, MINILM_TOKENIZER, USE, USE_TOKENIZER, USE_TABLE, USE_SCALES)
BUILD = "python -m graph_engine.encoders.building"


class ModelStore:
    """The folder of built models, by default within this Python's environment."""

    def __init__(self, directory: Path | None = None) -> None:
        """Name the folder; nothing is read yet."""
        default = Path(sys.prefix) / "share" / "speaktracker" / "graph"
        self.directory = directory or Path(os.environ.get(DIRECTORY_VARIABLE) or default)

    @cached_property
    def manifest(self) -> dict[str, str]:
        """Return the SHA-256 of each file as it was when it was built.

        Raises:
            ModelsMissing: nothing was built.
        """
        try:
            found = json.loads((self.directory / MANIFEST).read_text("utf-8"))
        except (OSError, ValueError) as problem:
            raise ModelsMissing(f"The graph models are not built in {self.directory}: {BUILD}") from problem
        return {str(name): str(value) for name, value in found.items()}

    def file(self, name: str) -> Path:
        """Return a model's file, as it was built.

        Raises:
            ModelsMissing: it is not there, or was changed.
        """
        path = self.directory / name
        try:
            known = file_hash(path)
        except OSError as problem:
            raise ModelsMissing(f"A graph model is missing, build them again: {BUILD}") from problem
        if known != self.manifest.get(name):
            raise ModelsMissing(f"The graph model {name} is not what was built; build it again: {BUILD}")
        return path

    def version(self, *names: str) -> str:
        """Return a short name of these files, which is another where any of them is."""
        return hashlib.sha256("".join(self.manifest[name] for name in names).encode()).hexdigest()[:12]


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
