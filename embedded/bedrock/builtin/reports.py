"""Looking back on a conversation: a short report on the student's English, and a summary for the partner's memory."""

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any
from zlib import crc32

from embedded.bedrock.builtin.brief import Brief
from embedded.bedrock.builtin.questions import Questions
from embedded.bedrock.builtin.topics import Topic, all_topics
from embedded.bedrock.builtin.transcript import Transcript
from embedded.bedrock.corrections.correcting import Corrected, correct

_FILE = Path(__file__).with_name("reports.json")
_GENERAL_PHRASES = 2
_LONGEST_SUMMARY = 900
_LONGEST_SAID = 250
_SHOWN = 3
_SENTENCE = re.compile(r"[^.!?]+[.!?]?")


@lru_cache(maxsize=1)
def _phrases() -> dict[str, list[list[str]]]:
    phrases: dict[str, list[list[str]]] = json.loads(_FILE.read_text("utf-8"))
    return phrases


def report(brief: Brief, transcript: Transcript) -> dict[str, Any]:
    """Return a report's fields: how much was right, what to look at, and phrases of the topic worth keeping."""
    found = [one for text in transcript.student if (one := correct(text, brief.language)) is not None]
    topic = all_topics().find(brief.topic, "" if brief.topic else brief.role)
    is_korean = brief.language == "ko"
    meaning = 1 if is_korean else 2
    return {
        "summary": _told(len(transcript.student), found, is_korean=is_korean),
        "phrases": [{"english": phrase[0], "meaning": phrase[meaning]} for phrase in _worth_keeping(topic, transcript)],
    }


def summary(brief: Brief, system: str, transcript: Transcript) -> str:
    """Return what a conversation was about, with every question that the partner asked, so that it asks none again."""
    topics = all_topics()
    topic = topics.find(brief.topic, "" if brief.topic else brief.role)
    before = "\n".join([system, *transcript.student, *transcript.partner])
    asked = " ".join(Questions(topics.subjects_of(topic), before).asked())
    sentences = [one.strip() for text in transcript.student for one in _SENTENCE.findall(text)]
    longest = sorted(sentences, key=len, reverse=True)[:_SHOWN]
    told = " ".join(one for one in sentences if one in longest)[:_LONGEST_SAID]
    return f"They talked about {topic.name}. The student said: {told} The partner asked: {asked}"[:_LONGEST_SUMMARY]


def _told(count: int, found: list[Corrected], *, is_korean: bool) -> str:
    right = count - len(found)
    reasons = list(dict.fromkeys(reason for one in found for reason in one.reasons))[:_SHOWN]
    if is_korean:
        if not found:
            return f"{count}번 말씀하셨고, 규칙으로 찾은 오류가 없었습니다. 잘하셨습니다!"
        return f"{count}번 말씀하셨고, 그중 {right}번은 고칠 것이 없었습니다. 다음을 연습해 보세요. " + " ".join(
            reasons
        )
    if not found:
        return f"You spoke {count} times, and the rules found no errors. Well done!"
    return f"You spoke {count} times, and {right} of them needed no correction. Practise this. " + " ".join(reasons)


def _worth_keeping(topic: Topic, transcript: Transcript) -> list[list[str]]:
    phrases = _phrases()
    own = next((phrases[known.name] for known in all_topics().known if known.subjects == topic.subjects), [])
    general = phrases["general"]
    start = crc32("\n".join(transcript.student).encode()) % len(general)
    return [*own, *[*general[start:], *general[:start]][:_GENERAL_PHRASES]]
