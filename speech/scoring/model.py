"""The scorer's trained numbers: one npz file without pickles, and beside it its version, hash and figures."""

import hashlib
import io
import json
from pathlib import Path

import numpy as np

from speech.model_files import ModelChanged
from speech.scoring.numbers import Model, models_of

VERSION = 1
FOLDER = Path(__file__).with_name("trained")
NUMBERS, FIGURES = "scorer.npz", "scorer.json"


def read_models(folder: Path = FOLDER) -> dict[str, Model]:
    """Return the models by name.

    Raises:
        ModelChanged: the file is missing, or not the one whose figures stand beside it.
    """
    try:
        about = json.loads((folder / FIGURES).read_text("utf-8"))
        content = (folder / NUMBERS).read_bytes()
    except OSError as problem:
        raise ModelChanged(f"{folder / NUMBERS} cannot be read: train it by python -m speech.training") from problem
    if about["version"] != VERSION or hashlib.sha256(content).hexdigest() != about["sha256"]:
        raise ModelChanged(f"{folder / NUMBERS} is not the file that {FIGURES} tells of")
    with np.load(io.BytesIO(content), allow_pickle=False) as file:
        return models_of({name: file[name] for name in file.files})
