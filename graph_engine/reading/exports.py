"""An export, from its file to its conversations."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import closing
from pathlib import Path
from typing import Any

import orjson

from graph_engine.errors import BadExport
from graph_engine.models import Collection, Conversation, Phrase
from graph_engine.reading.bounds import HEAD_CHARACTERS, MOST_CONVERSATIONS, TITLE_CHARACTERS
from graph_engine.reading.cleaning import english_words, visible
from graph_engine.reading.files import documents
from graph_engine.reading.shapes import Talk, talks_of
from graph_engine.reading.splitting import Element, Splitter

_TELL_EVERY = 200
_PHRASES = "phrases"


def read_export(
    path: Path, *, told: Callable[[int], None] = lambda _count: None, counts_words: bool = False
) -> Collection:
    """Return what an export holds, whatever its order, sorted by id; what is of no known shape is skipped and counted.

    `told` is called with the number of conversations now and then. Words are counted where it is a learner's own talk.

    Raises:
        BadExport: nothing can be made of the file, or it is beyond a bound.
    """
    gathered = _Gathered(counts_words=counts_words)
    with closing(_elements(path)) as elements:
        for element in elements:
            gathered.add(_parsed(element), element.key)
            if len(gathered.found) % _TELL_EVERY == 0:
                told(len(gathered.found))
    return gathered.collection()


class _Gathered:
    """Conversations under unique ids, and what was skipped."""

    def __init__(self, *, counts_words: bool) -> None:
        self.found: list[Conversation] = []
        self._counts_words = counts_words
        self._used: Counter[str] = Counter()
        self._heard: Counter[str] = Counter()
        self._phrases: list[Phrase] = []
        self._skipped: Counter[str] = Counter()

    def add(self, value: Any, key: str) -> None:
        if key == _PHRASES:
            self._add_phrase(value)
            return
        talks = talks_of(value, key)
        if not talks:
            self._skipped["unknown"] += 1
        self.found += map(_conversation, talks)
        for talk in talks if self._counts_words else ():
            self._count(talk)
        if len(self.found) > MOST_CONVERSATIONS:
            raise BadExport(
                "too_many",
                f"The export holds more than {MOST_CONVERSATIONS:,} conversations.",
                f"대화가 {MOST_CONVERSATIONS:,}개보다 많습니다.",
            )

    def _count(self, talk: Talk) -> None:
        for said in talk.said:
            (self._used if said.role == "user" else self._heard).update(english_words(said.text))

    def _add_phrase(self, value: Any) -> None:
        try:
            belongs = tuple(map(str, value["conversationIds"]))
            self._phrases.append(
                Phrase(value["phraseId"], value["said"], value["better"], value["count"], belongs, value.get("why"))
            )
        except (KeyError, TypeError):
            self._skipped["unknown"] += 1

    def collection(self) -> Collection:
        self.found.sort(key=lambda one: (one.conversation_id, one.began_at or 0, one.text))
        times: Counter[str] = Counter()
        for one in self.found:
            name = one.conversation_id
            times[name] += 1
            if times[name] > 1:
                one.conversation_id = f"{name}#{times[name]}"
                self._skipped["repeated_ids"] += 1
        self.found.sort(key=lambda one: one.conversation_id)
        self._skipped["without_text"] += sum(not one.text.strip() for one in self.found)
        skipped = {name: count for name, count in self._skipped.items() if count}
        return Collection(self.found, self._phrases, skipped, self._used, self._heard)


def _elements(path: Path) -> Generator[Element, None, None]:
    lists = 0
    with closing(documents(path)) as found:
        for document in found:
            splitter = Splitter()
            with closing(document):
                yield from splitter.split(document)
            lists += splitter.lists
    if not lists:
        raise BadExport(
            "no_conversations",
            "The JSON holds no list of conversations where exports have one.",
            "JSON에 대화 목록이 없습니다.",
        )


def _parsed(element: Element) -> Any:
    try:
        return orjson.loads(element.content)
    except ValueError:
        pass
    try:  # a lone half of a character, or NaN, which only the more patient parser takes
        return json.loads(element.content.decode("utf-8", "surrogatepass"), parse_constant=lambda _name: None)
    except (ValueError, RecursionError) as problem:
        raise BadExport(
            "broken", "The JSON is broken; export it again.", "JSON이 깨졌습니다. 다시 내보내 주세요."
        ) from problem


def _conversation(talk: Talk) -> Conversation:
    text = _head(talk)
    name = talk.talk_id or "sha-" + hashlib.sha256(text.encode()).hexdigest()[:16]
    title = " ".join(visible(talk.title).split())[:TITLE_CHARACTERS] if talk.title else None
    return Conversation(
        conversation_id=visible(name),
        title=title or None,
        began_at=talk.began_at or next((said.at for said in talk.said if said.at), None),
        ended_at=talk.ended_at,
        messages=len(talk.said),
        text=text,
        source=talk.source,
    )


def _head(talk: Talk) -> str:
    """Return the beginning of what was said, as far as it is kept."""
    parts: list[str] = []
    room = HEAD_CHARACTERS
    for said in talk.said:
        if room <= 0:
            break
        parts.append(visible(said.text[:room]))
        room -= len(parts[-1])
    return "\n".join(parts)
