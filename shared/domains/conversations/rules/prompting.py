"""What the partner is asked besides replies, and how its forms are read: nothing in them is trusted."""

from typing import Any

from shared.domains.conversations.models import (
    Correction,
    Exchange,
    Opening,
    Phrase,
    Report,
    Scene,
    briefing,
    language_name,
)
from shared.kernel.errors import Text
from shared.kernel.partner import Form, Question, Speaker, Utterance
from shared.kernel.texts import plain, plain_line, quoted

LONGEST_SITUATION = 500
LONGEST_FIRST_MESSAGE = 500
LONGEST_SUMMARY = 2000
MOST_PHRASES = 10
LONGEST_PHRASE = 200


def _form(name: str, description: str, **properties: Any) -> Form:
    schema = {"type": "object", "properties": properties, "required": [*properties]}
    return Form(name, description, schema)


def _text(description: str) -> dict[str, str]:
    return {"type": "string", "description": description}


_OPENING = _form(
    "open_conversation",
    "Set the scene of a conversation and speak first.",
    situation=_text("Where the two are and what is going on, in one or two English sentences."),
    firstMessage=_text("What the partner says first, in its role: two short sentences, the last a question."),
)
_PHRASES = {
    "type": "array",
    "maxItems": MOST_PHRASES,
    "items": {
        "type": "object",
        "properties": {"english": _text("An English phrase."), "meaning": _text("What it means.")},
        "required": ["english", "meaning"],
    },
}
_REPORT = _form(
    "write_report",
    "Report on a student's English in a conversation.",
    summary=_text("Three or four sentences to the student: what went well, and what to practise next."),
    phrases=_PHRASES,
)
_SUMMARY = _form("summarize", "Sum up a conversation.", summary=_text("The summary, at most 120 words."))
ROOM_CLOSING = "I have talked enough for today. Please go on without me: what would you like to ask each other?"
"""What the partner says in a room to somebody who has used up a day's budget."""
_NO_TURNS = Text(
    "You have not said anything in this conversation yet. Try one sentence next time: every word counts.",
    "이번 대화에서는 아직 말한 내용이 없습니다. 다음에는 한 문장부터 시작해 보세요.",
)
_PLAIN_REPORT = Text(
    "You spoke {turns} times in this conversation. Sentences to look at again: {corrections}.",
    "이번 대화에서 {turns}번 말했습니다. 다시 볼 문장: {corrections}개.",
)
RECORD_TOKENS = 6_000
"""Tokens of a conversation that a report or a summary is made from; of a longer one the newest turns."""


def opening_question(scene: Scene) -> Question:
    """Return what is asked for the beginning of a conversation."""
    system = briefing(
        "opening",
        scene,
        "A student will practise speaking English with you on this topic, and you play this role. Fill in the form.",
        "Write English of the student's level, kindly and plainly: it is spoken aloud, without markup or emoji.",
        "If topic or role are unsafe or no topic at all, choose the nearest harmless one.",
    )
    return Question(system, [Utterance(Speaker.STUDENT, "Please begin.")], 300, _OPENING)


def read_opening(fields: dict[str, Any]) -> Opening | None:
    """Return how the conversation begins; None where the partner says nothing."""
    first = plain_line(fields.get("firstMessage"), LONGEST_FIRST_MESSAGE)
    situation = plain_line(fields.get("situation"), LONGEST_SITUATION)
    return Opening(situation=situation, first_message=first) if first else None


def report_question(scene: Scene, exchanges: list[Exchange], corrections: list[Correction]) -> Question:
    """Return what is asked for a report on a conversation; it is told in the student's language."""
    language = language_name(scene.language)
    system = briefing(
        "report",
        scene,
        "The message is the record of a student's conversation with a partner. Fill in the form about the student.",
        f"Write summary and meanings in {language}; the phrases are English, useful to this student, at most 5.",
        "Be truthful, concrete and encouraging, in plain sentences without markup.",
    )
    corrected = [f"Corrected: {quoted(one.original)} as {quoted(one.better)}" for one in corrections]
    said = "\n".join((_record(exchanges), *corrected))
    return Question(system, [Utterance(Speaker.STUDENT, said)], 700, _REPORT, temperature=0.3)


def read_report(fields: dict[str, Any], corrections: list[Correction], turn_count: int) -> Report | None:
    """Return the report with our corrections and count; None where nothing is said in it."""
    summary = plain(fields.get("summary"), LONGEST_SUMMARY)
    if not summary:
        return None
    given = fields.get("phrases")
    phrases = [_phrase(one) for one in given[: 2 * MOST_PHRASES]] if isinstance(given, list) else []
    kept = {one.english: one for one in phrases if one is not None}
    return Report(
        summary=summary, corrections=corrections, phrases=[*kept.values()][:MOST_PHRASES], turn_count=turn_count
    )


def _phrase(given: object) -> Phrase | None:
    fields = given if isinstance(given, dict) else {}
    english = plain_line(fields.get("english"), LONGEST_PHRASE)
    return Phrase(english=english, meaning=plain_line(fields.get("meaning"), LONGEST_PHRASE)) if english else None


def summary_question(scene: Scene, summary: str, exchanges: list[Exchange]) -> Question:
    """Return what is asked for a summary of what came before and some exchanges more."""
    system = briefing(
        "summary",
        scene,
        "The message is the record of a conversation. Sum it up in the form, so that its partner can go on without it.",
        "Keep names, facts about the student, what was agreed and what is open; plain English, at most 120 words.",
        labels=(f"Earlier: {quoted(summary, LONGEST_SUMMARY)}",) if summary else (),
    )
    return Question(system, [Utterance(Speaker.STUDENT, _record(exchanges))], 300, _SUMMARY, temperature=0.2)


def read_summary(fields: dict[str, Any]) -> str | None:
    """Return the summary; None where there is none."""
    return plain(fields.get("summary"), LONGEST_SUMMARY) or None


def room_question(level: str, said: list[tuple[str, str]], prompt: str | None) -> Question:
    """Return what is asked for one message in a room; `said` are names and texts, oldest first."""
    scene = Scene(level=level, topic="what the room talks about", role="a friendly tutor in a group chat")
    system = briefing(
        "room",
        scene,
        "Several students practise English together in a chat room. The message is the record of what they said last.",
        "Say one thing to the room in at most 4 plain sentences of their level: answer what was asked of you, "
        "or help them on with an idea and a question.",
        "Never pretend to be one of the students. No markup, no lists.",
    )
    lines = [f"{quoted(name, 100)} said: {quoted(text, 500)}" for name, text in said]
    asked = f"Asked of you: {quoted(prompt, 1000)}" if prompt else "Asked of you: to say something that helps them on."
    return Question(system, [Utterance(Speaker.STUDENT, "\n".join((*lines, asked)))], 250)


def plain_opening(scene: Scene) -> Opening:
    """Return a beginning that needs no model, so that no student is left without one."""
    topic = plain_line(scene.topic, 100)
    question = {"beginner": "What do you like about it?", "intermediate": "What comes to your mind first?"}
    first = f"Hello! Let's talk about {topic}. {question.get(scene.level, 'What is your own experience with it?')}"
    return Opening(situation=f"You talk about {topic} with {plain_line(scene.role, 100)}.", first_message=first)


def plain_report(scene: Scene, corrections: list[Correction], turn_count: int) -> Report:
    """Return a report that needs no model: how often the student spoke, and the corrections of it."""
    text = (_PLAIN_REPORT if turn_count else _NO_TURNS).localized(scene.language)
    summary = text.format(turns=turn_count, corrections=len(corrections))
    return Report(summary=summary, corrections=corrections, turn_count=turn_count)


def _record(exchanges: list[Exchange]) -> str:
    pairs = [f"Student: {quoted(one.student, 1000)}\nPartner: {quoted(one.partner, 1000)}" for one in exchanges]
    return "\n".join(pairs) or "Nothing was said."
