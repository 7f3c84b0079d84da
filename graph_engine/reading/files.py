"""The bytes of an export: a JSON file, or the JSON files of a zip, never more of them than the bounds allow."""

import re
import zipfile
import zlib
from collections.abc import Generator
from pathlib import Path
from typing import IO

from graph_engine.errors import BadExport
from graph_engine.reading.bounds import (
    CHUNK_BYTES,
    MEGABYTE,
    MOST_BYTES,
    MOST_MEMBERS,
    MOST_RATIO,
    RATIO_COUNTS_FROM,
)

_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_MEMBER = re.compile(r"(^|/)conversations(-\d+)?\.json$")
Chunks = Generator[bytes, None, None]


def documents(path: Path) -> Generator[Chunks, None, None]:
    """Give the JSON documents of an export in their order, each as chunks; nothing is ever written to disk.

    Raises:
        BadExport: it is a zip that is damaged, holds no conversations, or unpacks to too much.
    """
    with path.open("rb") as file:
        head = file.read(4)
    meter = Meter()
    if head in (_ZIP, _EMPTY_ZIP):
        yield from _members(path, meter)
    else:
        yield _plain(path, meter)


class Meter:
    """Counts the bytes of all documents of an export together."""

    def __init__(self) -> None:
        """Begin at none."""
        self.bytes = 0

    def count(self, chunk: bytes) -> None:
        """Refuse what goes beyond the bound."""
        self.bytes += len(chunk)
        if self.bytes > MOST_BYTES:
            raise BadExport(
                "too_large",
                f"The export holds more than {MOST_BYTES // MEGABYTE} MB of JSON.",
                f"내보낸 JSON이 {MOST_BYTES // MEGABYTE}MB보다 큽니다.",
            )


def _plain(path: Path, meter: Meter) -> Chunks:
    with path.open("rb") as file:
        yield from _chunks(file, meter)


def _chunks(file: IO[bytes], meter: Meter) -> Chunks:
    chunk = file.read(CHUNK_BYTES).removeprefix(_BYTE_ORDER_MARK)
    while chunk:
        meter.count(chunk)
        yield chunk
        chunk = file.read(CHUNK_BYTES)


def _members(path: Path, meter: Meter) -> Generator[Chunks, None, None]:
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, UnicodeDecodeError) as problem:
        raise _damaged() from problem
    with archive:
        entries = archive.infolist()
        if len(entries) > MOST_MEMBERS:
            raise BadExport(
                "too_many_files",
                f"The zip holds more than {MOST_MEMBERS} files.",
                f"zip에 파일이 {MOST_MEMBERS}개보다 많습니다.",
            )
        wanted = sorted((one for one in entries if _MEMBER.search(one.filename)), key=lambda one: one.filename)
        if not wanted:
            raise BadExport(
                "no_conversations", "The zip holds no conversations.json.", "zip에 conversations.json이 없습니다."
            )
        for entry in wanted:
            yield _unpacked(archive, entry, meter)


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, meter: Meter) -> Chunks:
    """Give a member's bytes as they come out; what its header says of its size is never believed."""
    if entry.flag_bits & 1:
        raise BadExport(
            "encrypted_zip",
            "The zip is locked with a password; unlock it first.",
            "zip에 암호가 걸려 있습니다. 먼저 풀어 주세요.",
        )
    size = 0
    try:
        with archive.open(entry) as file:
            for chunk in _chunks(file, meter):
                size += len(chunk)
                if size > max(RATIO_COUNTS_FROM, MOST_RATIO * entry.compress_size):
                    raise BadExport(
                        "zip_bomb",
                        f"The zip unpacks to more than {MOST_RATIO} times its size.",
                        f"zip을 풀면 원래 크기의 {MOST_RATIO}배가 넘습니다.",
                    )
                yield chunk
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError) as problem:
        raise _damaged() from problem


def _damaged() -> BadExport:
    return BadExport(
        "damaged_zip",
        "The zip file is damaged; download the export again.",
        "zip 파일이 손상되었습니다. 다시 내려받아 주세요.",
    )
