"""What the built-in partner says: a reaction to what was said, now and then a remark, and a new question."""

from typing import NamedTuple

from embedded.bedrock.asking import Asked
from embedded.bedrock.builtin.brief import Brief, Purpose
from embedded.bedrock.builtin.hearing import Heard, Kind, hear
from embedded.bedrock.builtin.phrases import pick, reaction
from embedded.bedrock.builtin.questions import Questions
from embedded.bedrock.builtin.topics import Topic, all_topics
from embedded.bedrock.builtin.transcript import said_in_room

_REMARKED = frozenset({Kind.NEUTRAL, Kind.GOOD, Kind.KEYWORD, Kind.YES})


class Scene(NamedTuple):
    """A conversation as the partner sees it."""

    brief: Brief
    topic: Topic
    questions: Questions
    student: str
    partner: tuple[str, ...]
    turn: int

    @property
    def said(self) -> str:
        """Return all that the partner said."""
        return "\n".join(self.partner)


def scene_of(brief: Brief, asked: Asked) -> Scene:
    """Return the conversation of a request; the system prompt may hold a summary of what is not shown any more."""
    is_room = brief.purpose is Purpose.ROOM
    student = said_in_room(asked.last) if is_room else asked.last
    partner = tuple(one.text for one in asked.said if one.role == "assistant")
    topics = all_topics()
    topic = topics.find("", asked.last) if is_room else topics.find(brief.topic, "" if brief.topic else brief.role)
    questions = Questions(topics.subjects_of(topic), "\n".join([asked.system, asked.last * is_room, *partner]))
    return Scene(brief, topic, questions, student, partner, len(asked.said))


def reply(scene: Scene) -> str:
    """Return what the partner says next; it ends with a question, unless the conversation is to end."""
    if scene.brief.is_ending:
        return _react(scene, "closing")
    heard = hear(scene.student, scene.topic)
    parts = [_reaction(scene, heard), _remark(scene, heard), _question(scene, heard)]
    return " ".join(part for part in parts if part)


def first_message(scene: Scene) -> str:
    """Return how the partner begins."""
    return f"{_react(scene, 'greeting').split('!')[0]}! {scene.topic.greeting} {_next(scene)}"


def situation(scene: Scene) -> str:
    """Return where the conversation takes place, with the partner in the role that was asked for."""
    role = scene.brief.role.strip().rstrip(".")
    if not role or _plays(scene.topic, role.lower()):
        return scene.topic.place
    return f"You are talking with {_with_article(role)}. Your topic is {scene.topic.name}."


def _plays(topic: Topic, role: str) -> bool:
    """Tell whether a role is the topic's own, or any that says no more than that there is a partner."""
    last = role.split()[-1]
    return last in topic.place.lower().rstrip(".").split() or last in topic.role.split() or last == "partner"


def _reaction(scene: Scene, heard: Heard) -> str:
    if heard.kind is Kind.ANSWERED:
        found = scene.topic.answers[int(heard.words)]
        return found.simple if scene.brief.is_simple else found.rich
    if heard.kind is Kind.MINE:
        return scene.topic.mine if scene.topic.mine not in scene.said else _react(scene, "mine_again")
    return _react(scene, heard.kind, word=heard.words, starter=scene.topic.starter)


def _react(scene: Scene, kind: str, **words: str) -> str:
    seed = f"{scene.turn}{scene.student}"
    return reaction(kind, is_simple=scene.brief.is_simple, seed=seed, said="\n".join(scene.partner[-4:]), **words)


def _remark(scene: Scene, heard: Heard) -> str:
    remarks = scene.topic.remarks["simple" if scene.brief.is_simple else "rich"]
    left = [remark for remark in remarks if remark not in scene.said]
    is_wanted = heard.kind in _REMARKED and not scene.brief.is_short and scene.brief.purpose is Purpose.REPLY
    return pick(left, scene.student, "") if left and is_wanted and len(scene.partner) % 2 else ""


def _question(scene: Scene, heard: Heard) -> str:
    if heard.kind in (Kind.AGAIN, Kind.KOREAN) and scene.partner:
        return scene.questions.simpler(scene.partner[-1], scene.student)
    return _next(scene)


def _next(scene: Scene) -> str:
    return scene.questions.next(scene.brief.level, scene.student)


def _with_article(role: str) -> str:
    if role.lower().split()[0] in ("a", "an", "the", "my", "your"):
        return role
    return f"{'an' if role[0].lower() in 'aeiou' else 'a'} {role}"
