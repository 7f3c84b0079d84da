"""A person's own talk as an export that the engine reads."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

import orjson

from shared.domains.graphs.ports import OwnTalk, PhraseSource


def collect_own_talk(user_id: str, path: Path, *, talk: OwnTalk, sources: Sequence[PhraseSource]) -> None:
    """Write a person's rooms and conversations, and the phrases that belong to them, one at a time."""
    phrases = (phrase for source in sources for phrase in source.phrases(user_id))
    with path.open("wb") as file:
        file.write(b'{"conversations":[')
        _write(file, talk.conversations(user_id))
        file.write(b'],"phrases":[')
        _write(file, phrases)
        file.write(b"]}")


def _write(file: IO[bytes], items: Iterable[dict[str, Any]]) -> None:
    file.writelines(_separated(items))


def _separated(items: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    for place, item in enumerate(items):
        yield (b"," if place else b"") + orjson.dumps(item)
