"""The forms that the built-in partner knows by name; of any other it fills in the least that fits."""

from collections.abc import Callable
from typing import Any

from embedded.bedrock.asking import Asked
from embedded.bedrock.builtin.brief import Brief
from embedded.bedrock.builtin.fitting import fitted
from embedded.bedrock.builtin.replies import first_message, reply, scene_of, situation
from embedded.bedrock.builtin.reports import report, summary
from embedded.bedrock.builtin.sentences import known_topics, sentences
from embedded.bedrock.builtin.transcript import transcript_of
from embedded.bedrock.corrections.correcting import correct
from embedded.bedrock.tools import Tool


def fill(tool: Tool, brief: Brief, asked: Asked) -> dict[str, Any]:
    """Return a form's fields; they fit its schema."""
    known = KNOWN.get(tool.name)
    fields = known(brief, asked) if known else {}
    text = "" if known else reply(scene_of(brief, asked))
    filled: dict[str, Any] = fitted(tool.schema, fields, text)
    return filled


def _open(brief: Brief, asked: Asked) -> dict[str, Any]:
    scene = scene_of(brief, asked)
    return {"situation": situation(scene), "firstMessage": first_message(scene)}


def _correct(brief: Brief, asked: Asked) -> dict[str, Any]:
    corrected = correct(asked.last, brief.language)
    if corrected is None:
        return {"isCorrect": True, "better": asked.last, "why": ""}
    return {"isCorrect": False, "better": corrected.better, "why": corrected.why}


def _report(brief: Brief, asked: Asked) -> dict[str, Any]:
    return report(brief, transcript_of(asked))


def _summarize(brief: Brief, asked: Asked) -> dict[str, Any]:
    return {"summary": summary(brief, asked.system, transcript_of(asked))}


def _write(brief: Brief, asked: Asked) -> dict[str, Any]:
    found = sentences(brief.topic, brief.level, asked.system)
    if found is None:
        return {"sentences": [], "note": f"I only know sentences on these topics: {', '.join(known_topics())}."}
    return {"sentences": [one._asdict() for one in found], "note": ""}


KNOWN: dict[str, Callable[[Brief, Asked], dict[str, Any]]] = {
    "open_conversation": _open,
    "correct_sentence": _correct,
    "write_report": _report,
    "summarize": _summarize,
    "write_sentences": _write,
}
