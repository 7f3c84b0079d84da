"""A person's own talk as an export that the engine reads."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

import orjson

from shared.domains.graphs.ports import OwnTalk, PhraseSource
from shared.domains.notebook.models import normalized


def collect_own_talk(user_id: str, path: Path, *, talk: OwnTalk, sources: Sequence[PhraseSource]) -> None:
    """Write a person's rooms and conversations one at a time, and the phrases that belong to them.

    A phrase whose conversations are not known belongs to those with the AI partner in which the person said it, in
    either form.
    """
    phrases = [phrase for source in sources for phrase in source.phrases(user_id)]
    with path.open("wb") as file:
        file.write(b'{"conversations":[')
        _write(file, _matched(talk.conversations(user_id), [one for one in phrases if not one["conversationIds"]]))
        file.write(b'],"phrases":[')
        _write(file, phrases)
        file.write(b"]}")


def _matched(conversations: Iterable[dict[str, Any]], unplaced: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Pass conversations on, and note in each phrase where it was said."""
    forms = [(phrase, {normalized(phrase["said"]), normalized(phrase["better"])} - {""}) for phrase in unplaced]
    for one in conversations:
        said = normalized(" ".join(message["content"] for message in one["messages"] if message.get("role") == "user"))
        for phrase, plain in forms:
            if any(f" {form} " in f" {said} " for form in plain):
                phrase["conversationIds"].append(one["id"])
        yield one


def _write(file: IO[bytes], items: Iterable[dict[str, Any]]) -> None:
    file.writelines(_separated(items))


def _separated(items: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    for place, item in enumerate(items):
        yield (b"," if place else b"") + orjson.dumps(item)
