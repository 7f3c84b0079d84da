"""The web client's own files, as they are served: named by their content, compressed ahead, and knowing each other.

Sources lie in `web/static` as they are written; there is no build step. A gateway reads them once when it starts: names
of other files in them (`from "./field.js"`, `new URL("../icons.svg", import.meta.url)`, `@import "./base.css"`) become
the addresses that hold just that content, so that a browser may keep every file for a year.
"""

import gzip
import hashlib
import json
import re
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).resolve().parent / "static"
PREFIX = "/static/"
VENDORED = "vendor/vendored.json"
HASH_LENGTH = 12
SMALLEST_COMPRESSED = 256
_SERVED = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".mp3": "audio/mpeg",
}
_COMPRESSED = frozenset({".js", ".css", ".svg"})
_NAMED = re.compile(r"""(\bfrom\s*|\bimport\s*\(?\s*|\bnew URL\(\s*)(["'])([^"'\s]+)\2""")
_STATIC = re.compile(r"""(?:\bfrom\s*|\bimport\s*)(["'])([^"'\s]+)\1""")
_CSS_IMPORT = re.compile(r"""@import "([^"]+)";\n?""")


class BrokenReference(Exception):
    """A file names another that is not there, or two name each other in a circle."""


class StaticFile(NamedTuple):
    """A file as it is sent; `compressed` is there where it is smaller."""

    address: str
    content_type: str
    content: bytes
    compressed: bytes | None
    imports: tuple[str, ...]


class StaticFiles:
    """Every file by the name of its source, and by its address."""

    def __init__(self, folder: Path = FOLDER) -> None:
        """Read a folder; costs some 60 ms of CPU.

        Raises:
            BrokenReference: see there.
        """
        self._folder = folder = folder.resolve()
        self._known: dict[str, StaticFile] = {}
        self._in_work: list[str] = []
        self._vendored = _vendored_names(folder)
        for path in sorted(folder.rglob("*")):
            if path.suffix in _SERVED:
                self._file(path.relative_to(folder).as_posix())
        self._by_address = {one.address: one for one in self._known.values()}

    def address(self, name: str) -> str:
        """Return where a source's current content is served."""
        return self._known[name].address

    def addresses(self) -> list[str]:
        """Return every address, in the order of the sources' names."""
        return [self._known[name].address for name in sorted(self._known)]

    def at(self, address: str) -> StaticFile | None:
        """Return what is served at an address; None where nothing is, or no more."""
        return self._by_address.get(address)

    def needed_by(self, *names: str) -> list[str]:
        """Return the addresses of all modules that some import at once, each once and after those that it needs."""
        found: dict[str, None] = {}
        for name in names:
            for imported in self._known[name].imports:
                found |= dict.fromkeys(self.needed_by(imported))
            found[self._known[name].address] = None
        return list(found)

    def fingerprint(self) -> str:
        """Return a name for all contents together: another one whenever any file is another."""
        return _hash("\n".join(self.addresses()).encode())

    def _file(self, name: str) -> StaticFile:
        if name in self._known:
            return self._known[name]
        if name in self._in_work:
            raise BrokenReference(" → ".join((*self._in_work, name)))
        self._in_work.append(name)
        self._known[name] = self._made(name)
        self._in_work.pop()
        return self._known[name]

    def _made(self, name: str) -> StaticFile:
        path = self._folder / name
        if not path.is_file():
            raise BrokenReference(" → ".join(self._in_work))
        content, imports = path.read_bytes(), tuple[str, ...]()
        if path.suffix == ".js":
            text = content.decode()
            found = (self._source_of(given, name) for _, given in _STATIC.findall(text))
            imports = tuple(one for one in found if one is not None)
            content = self._with_addresses(text, name).encode()
        if path.suffix == ".css":
            content = self._joined(content.decode(), name).encode()
        return _as_sent(name, content, imports)

    def _with_addresses(self, text: str, name: str) -> str:
        def named(found: re.Match[str]) -> str:
            source = self._source_of(found[3], name)
            return found[0] if source is None else f"{found[1]}{found[2]}{self._file(source).address}{found[2]}"

        return _NAMED.sub(named, text)

    def _source_of(self, given: str, name: str) -> str | None:
        """Return the source that one file names in another; None where it is none of ours."""
        if given.startswith("."):
            target = (self._folder / name).parent.joinpath(given).resolve()
            if not target.is_relative_to(self._folder):
                raise BrokenReference(f"{name} → {given}")
            return target.relative_to(self._folder).as_posix()
        return self._vendored.get(given)

    def _joined(self, text: str, name: str) -> str:
        """Return a style sheet with those that it imports in place: one request instead of a chain of them."""
        here = (self._folder / name).parent
        return _CSS_IMPORT.sub(lambda found: (here / found[1]).read_text("utf-8"), text)


def _vendored_names(folder: Path) -> dict[str, str]:
    """Return the source of each name that modules import other people's code by."""
    listed = folder / VENDORED
    entries = json.loads(listed.read_text("utf-8")) if listed.is_file() else []
    return {one["imported"]: f"vendor/{one['file']}" for one in entries if "imported" in one}


def _as_sent(name: str, content: bytes, imports: tuple[str, ...]) -> StaticFile:
    stem, _, suffix = name.rpartition(".")
    small = len(content) < SMALLEST_COMPRESSED or f".{suffix}" not in _COMPRESSED
    compressed = None if small else gzip.compress(content, 9, mtime=0)
    address = f"{PREFIX}{stem}.{_hash(content)}.{suffix}"
    return StaticFile(address, _SERVED[f".{suffix}"], content, compressed, imports)


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:HASH_LENGTH]
