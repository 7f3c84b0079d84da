"""What a recording is: the kinds that are taken, told by their first bytes, its limits, and its refusals."""

from collections.abc import Callable
from typing import NamedTuple

from shared.kernel.errors import DomainError, Invalid

MOST_BYTES = 10 * 1024 * 1024
FEWEST_BYTES = 64
"""Less than the header of any kind."""
LONGEST_SECONDS = 60.0
_DOCUMENT_TYPE = b"\x42\x82"
"""The element of an EBML header that tells webm from its relatives (RFC 8794, section 11.2.4)."""
_HEADER_BYTES = 64


Partial = Callable[[str], object]
"""Takes all the words that are heard by now; later ones may be others, and fewer."""


class Container(NamedTuple):
    """A kind of file that sound comes in; `name` is also Amazon Transcribe's MediaFormat."""

    name: str
    content_type: str


class Sound(NamedTuple):
    """A recording that was decoded to its end: what it is, and how many seconds of sound are in it."""

    container: str
    content_type: str
    seconds: float


class Decoded(NamedTuple):
    """A recording with its samples: signed 16 bit, one channel, 16,000 a second."""

    sound: Sound
    samples: bytes


WEBM = Container("webm", "audio/webm")
OGG = Container("ogg", "audio/ogg")
WAV = Container("wav", "audio/wav")
FLAC = Container("flac", "audio/flac")
MP3 = Container("mp3", "audio/mpeg")
MP4 = Container("mp4", "audio/mp4")
M4A = Container("m4a", "audio/mp4")


def container_of(content: bytes) -> Container | None:
    """Return the kind of a file by its first bytes, whatever its sender calls it; None where it is none of ours."""
    if content[:4] == b"\x1aE\xdf\xa3":
        return WEBM if _document_type(content) == b"webm" else None
    if content[4:8] == b"ftyp":
        return M4A if content[8:12] == b"M4A " else MP4
    if content[:4] == b"RIFF":
        return WAV if content[8:12] == b"WAVE" else None
    if content[:4] == b"OggS":
        return OGG
    if content[:4] == b"fLaC":
        return FLAC
    return MP3 if content[:3] == b"ID3" or _is_mpeg_audio(content[:4]) else None


def _document_type(content: bytes) -> bytes:
    """Return the type that an EBML header gives; its size is one byte, with the highest bit set."""
    at = content.find(_DOCUMENT_TYPE, 0, _HEADER_BYTES)
    size = content[at + 2] & 0x7F if 0 <= at < len(content) - 2 else 0
    return content[at + 3 : at + 3 + size] if size else b""


def _is_mpeg_audio(head: bytes) -> bool:
    """Tell whether a frame of MPEG audio, layer III, begins here: its sync, and none of its reserved values."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return False
    version, layer, bit_rate, sample_rate = head[1] >> 3 & 3, head[1] >> 1 & 3, head[2] >> 4, head[2] >> 2 & 3
    return version != 1 and layer == 1 and bit_rate != 15 and sample_rate != 3


class Heard(NamedTuple):
    """What was said in a recording, how sure that is (0 to 1; None where unknown), and how long it was."""

    text: str
    confidence: float | None
    seconds: float


class UnreadableAudio(Invalid):
    """It is no recording of a kind that is taken, or it is damaged."""

    def __init__(self) -> None:
        super().__init__("The recording cannot be read.", "녹음을 읽을 수 없습니다.")


class AudioTooLong(Invalid):
    """It lasts longer than a minute."""

    def __init__(self) -> None:
        super().__init__("A recording takes at most 60 seconds.", "녹음은 60초 이하여야 합니다.")


class AudioTooLarge(Invalid):
    """It has more than ten mebibytes."""

    def __init__(self) -> None:
        super().__init__("A recording takes at most 10 MiB.", "녹음 파일은 10MiB 이하여야 합니다.")


class RecordingGone(Invalid):
    """There is none under this key, or none any more: the bucket keeps recordings for 30 days."""

    def __init__(self) -> None:
        super().__init__("The recording is not there any more.", "녹음을 찾을 수 없습니다.")


class TranscriberRefused(DomainError):
    """The recogniser does not serve us: permissions or settings are wrong, and trying again does not help."""

    code, status = "TRANSCRIBER_REFUSED", 500

    def __init__(self) -> None:
        super().__init__("Recordings cannot be heard at the moment.", "녹음을 들을 수 없습니다.")
