"""Files that clients put straight into the bucket: which are taken, and where they are offered a place."""

from typing import Protocol

from shared.kernel.contract import Contract
from shared.kernel.errors import PayloadTooLarge, UnsupportedMediaType
from shared.kernel.recordings import container_of

UPLOAD_LIMIT = 10 * 1024 * 1024
IMAGE_TYPES = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp", "image/gif": "gif"}
AUDIO_TYPES = {
    "audio/webm": "webm",
    "audio/ogg": "ogg",
    "audio/mp4": "m4a",
    "audio/x-m4a": "m4a",
    "audio/m4a": "m4a",
    "audio/mpeg": "mp3",
    "audio/mp3": "mp3",
    "audio/wav": "wav",
    "audio/x-wav": "wav",
    "audio/flac": "flac",
    "audio/x-flac": "flac",
}
INCOMING, FROZEN = "incoming/", "uploads/"
"""Where an upload lies until a message names it, a day at most, and where from then on."""
INCOMING_IMAGES, PROFILE_IMAGES = "profile-images/incoming/", "profile-images/"
"""The same of pictures of people: until an account names one, and from then on."""
_SIGNATURES = {"png": b"\x89PNG", "jpg": b"\xff\xd8\xff", "gif": b"GIF8"}
SIGNATURE_BYTES = 64


def final_name(key: str) -> str:
    """Return where an upload lies once it was looked at."""
    if key.startswith(INCOMING_IMAGES):
        return PROFILE_IMAGES + key.removeprefix(INCOMING_IMAGES)
    return FROZEN + key.removeprefix(INCOMING)


def is_what_it_says(extension: str, beginning: bytes) -> bool:
    """Tell by its first bytes whether a file may be what its extension says.

    Recordings may be of any container that is taken: browsers and phones name them in their own ways.
    """
    if extension in _SIGNATURES:
        return beginning.startswith(_SIGNATURES[extension])
    if extension == "webp":
        return beginning[:4] == b"RIFF" and beginning[8:12] == b"WEBP"
    return container_of(beginning) is not None


def content_type_of(key: str) -> str:
    """Return the type that an object of that name is served with, whatever its uploader called it."""
    extension = key.rpartition(".")[2]
    types = {**_first_types(AUDIO_TYPES), **_first_types(IMAGE_TYPES)}
    return types.get(extension, "application/octet-stream")


def _first_types(types: dict[str, str]) -> dict[str, str]:
    return {extension: content_type for content_type, extension in reversed(types.items())}


class UploadOffer(Contract):
    """A presigned POST for one object, and the key by which it is named afterwards."""

    url: str
    fields: dict[str, str]
    key: str
    expires_at: str


class Signer(Protocol):
    """Presigned addresses of the bucket; computed here, nothing is asked."""

    def signed_url(self, key: str) -> str:
        """Return a presigned GET, good for one hour."""


class UploadSigner(Signer, Protocol):
    """Uploads, and presigned addresses for reading and for putting."""

    def offer(self, key: str, content_type: str, max_bytes: int) -> UploadOffer:
        """Return a presigned POST for one object, bound to its type and size."""

    def owns(self, address: str) -> bool:
        """Tell whether an address is that of an object of the bucket."""

    def remove(self, key: str) -> None:
        """Delete an object; again changes nothing."""

    def freeze(self, key: str) -> str:
        """Copy what was uploaded to its final name, and return that; what is uploaded there later changes nothing.

        The same key again gives the same name and copies nothing.

        Raises:
            Invalid: nothing was uploaded there, or it is not what its name says.
            Unavailable: the bucket does not answer; freezing again is safe.
        """


def extension_of(content_type: str, size: int, types: dict[str, str]) -> str:
    """Return the file extension of an upload that is taken; parameters of the type (codecs) do not count.

    Raises:
        UnsupportedMediaType: the type is not among those given.
        PayloadTooLarge: more than 10 MiB.
    """
    extension = types.get(content_type.partition(";")[0].strip().lower())
    if extension is None:
        raise UnsupportedMediaType("That type of file is not taken here.", "지원하지 않는 파일 형식입니다.")
    if size > UPLOAD_LIMIT:
        raise PayloadTooLarge("A file takes at most 10 MiB.", "파일은 10MiB 이하여야 합니다.")
    return extension
