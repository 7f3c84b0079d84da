"""What the built-in partner can talk about, read once from `topics.json`."""

import json
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

_FILE = Path(__file__).with_name("topics.json")
_WORDS_IN_A_NAME = 4
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9' -]*")


class Subject(NamedTuple):
    """A question in four forms, "easy" to "advanced", and the words that lead to it."""

    about: frozenset[str]
    asked: dict[str, str]


class Reply(NamedTuple):
    """What the partner answers in its role when the student's words match."""

    when: re.Pattern[str]
    simple: str
    rich: str


class Topic(NamedTuple):
    """A topic; `name` is what it is called in a sentence."""

    name: str
    words: tuple[str, ...]
    role: str
    place: str
    greeting: str
    starter: str
    mine: str
    remarks: dict[str, list[str]]
    subjects: tuple[Subject, ...]
    answers: tuple[Reply, ...]


class Topics(NamedTuple):
    """All of them, and the subjects that fit any."""

    known: tuple[Topic, ...]
    general: tuple[Subject, ...]

    def find(self, *texts: str) -> Topic:
        """Return the topic that the first telling text names, by its longest word; else one without subjects."""
        for text in texts:
            found = [(len(word), topic) for topic in self.known for word in topic.words if _has(text, word)]
            if found:
                topic = max(found, key=lambda one: one[0])[1]
                return topic._replace(name=_name(texts[0]) or topic.name)
        return _open_topic(_name(texts[0]) or "this topic")

    def subjects_of(self, topic: Topic) -> list[Subject]:
        """Return what can be asked about a topic: its own subjects first, then those that fit any.

        Where it has subjects of its own no word leads to the others, which come when its own are used up.
        """

        def about(one: Subject) -> frozenset[str]:
            return frozenset() if topic.subjects else one.about

        filled = (
            Subject(about(one), {level: text.format(topic=topic.name) for level, text in one.asked.items()})
            for one in self.general
        )
        return [*topic.subjects, *filled]


@lru_cache(maxsize=1)
def all_topics() -> Topics:
    """Return the topics of the file beside this one."""
    told = json.loads(_FILE.read_text("utf-8"))
    return Topics(tuple(map(_topic, told["topics"])), _subjects(told["general"]))


def _topic(told: dict[str, Any]) -> Topic:
    answers = tuple(Reply(re.compile(rf"\b(?:{one['when']})\b"), one["simple"], one["rich"]) for one in told["answers"])
    kept = {name: told[name] for name in ("name", "role", "place", "greeting", "starter", "mine", "remarks")}
    return Topic(**kept, words=tuple(told["words"]), subjects=_subjects(told["subjects"]), answers=answers)


def _subjects(told: Sequence[dict[str, Any]]) -> tuple[Subject, ...]:
    return tuple(Subject(frozenset(one["about"]), one["asked"]) for one in told)


def _open_topic(name: str) -> Topic:
    place, greeting = f"You are talking about {name}.", f"Let us talk about {name}."
    remarks: dict[str, list[str]] = {"simple": [], "rich": []}
    mine = "I only know simple rules. I like to hear about you."
    return Topic(name, (), "a friend", place, greeting, "I think ...", mine, remarks, (), ())


def _has(text: str, word: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text.lower()) is not None


def _name(text: str) -> str:
    """Return a topic as it can stand in a sentence: short, of plain words; else nothing."""
    plain = text.strip().rstrip(".!?")
    fits = _PLAIN.fullmatch(plain) and len(plain.split()) <= _WORDS_IN_A_NAME and not plain.lower().startswith("at ")
    return plain[0].lower() + plain[1:] if fits and plain[1:2].islower() else plain if fits else ""
