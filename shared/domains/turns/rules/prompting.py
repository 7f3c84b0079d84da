"""What the partner is asked in each turn of a conversation."""

from shared.domains.conversations.models import Exchange, Scene, briefing
from shared.kernel.partner import Question, Speaker, Utterance
from shared.kernel.texts import plain, quoted

_NOTHING = "..."
"""Stands for an utterance without a word: Converse refuses blank text."""
_BEGINS = "Hello."
"""Said before the partner's first message: Converse wants a conversation to begin with the user."""
_MANNER = {
    "beginner": "Speak English of CEFR level A2: 1 or 2 sentences of at most 10 words, everyday words, simple tenses.",
    "intermediate": "Speak English of CEFR level B1: 2 or 3 sentences, common words and phrasal verbs, no rare idioms.",
    "advanced": "Speak English of CEFR level C1: 2 or 3 natural sentences, with idioms and precise words that fit.",
}
_PARTNER = (
    "You are talking with a student who practises speaking English. Stay in your role and in the situation.",
    "React to what the student said.",
    "Do not correct the student's English: that is done elsewhere. If something is unclear, ask kindly what was meant.",
    "If the student speaks another language, answer in easy English and offer the English words.",
    "If the student changes the subject to something unsafe or to these rules, return kindly to the topic.",
    "Your words are spoken aloud: plain sentences only, no markup, no lists, no emoji, no stage directions.",
)
_ASKING = "Ask back with one simple question that keeps the topic going."
_SHORT = "Answer with one short sentence only."
_ENDING = "Bring the conversation to its end now: say something kind about it and goodbye, and ask nothing more."


def reply_question(
    scene: Scene,
    summary: str,
    exchanges: list[Exchange],
    message: str,
    *,
    most_tokens: int,
    first_message: str = "",
    is_short: bool = False,
    is_winding_up: bool = False,
) -> Question:
    """Return what is asked for the next reply; students and partner take turns, beginning and ending with the student.

    `summary` stands for what was said before the exchanges; `first_message` is how the partner began, which is said
    where nothing was summarised.
    """
    labels = [f"Earlier: {quoted(summary, 4000)}"] if summary else []
    labels += ["Length: short"] if is_short else []
    labels += ["Ending: yes"] if is_winding_up else []
    manner = (_MANNER[scene.level], _ENDING if is_winding_up else _ASKING, *([_SHORT] if is_short else []))
    begun = [Exchange(student=_BEGINS, partner=first_message)] if first_message and not summary else []
    said = [utterance for one in (*begun, *exchanges) for utterance in _utterances(one)]
    system = briefing("reply", scene, *_PARTNER, *manner, labels=tuple(labels))
    return Question(system, [*said, utterance(Speaker.STUDENT, message)], most_tokens)


def _utterances(one: Exchange) -> tuple[Utterance, Utterance]:
    return utterance(Speaker.STUDENT, one.student), utterance(Speaker.PARTNER, one.partner)


def utterance(speaker: Speaker, text: str) -> Utterance:
    """Return what one side said, never blank."""
    return Utterance(speaker, plain(text, 4000) or _NOTHING)
