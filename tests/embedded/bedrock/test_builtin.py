"""The built-in partner in conversation: it asks back, repeats no question, keeps to the level, and is honest."""

import re
from typing import Any

import pytest

from embedded.bedrock.asking import Asked, Said, read_asked
from embedded.bedrock.builtin.brief import read_brief
from embedded.bedrock.builtin.forms import fill
from embedded.bedrock.builtin.questions import plain
from embedded.bedrock.builtin.replies import first_message, reply, scene_of
from embedded.bedrock.builtin.topics import all_topics
from embedded.bedrock.tools import Tool
from tests.embedded.bedrock.conftest import MODEL, Endpoint, asked

TOPICS = [topic.name for topic in all_topics().known]
UNKNOWN = [
    "quantum physics",
    "my grandmother's garden",
    "K-beauty",
    "a b c d e f g h i j k",
    "{topic}",
    "한국 음식",
    "?!",
]
LONGEST = {"beginner": 10, "intermediate": 18, "advanced": 26}
STUDENT = [
    "Hello!",
    "Yes.",
    "I like it very much because my friends are there.",
    "I don't understand.",
    "저는 잘 모르겠어요.",
    "What is the capital of Peru?",
    "And you?",
    "I was tired and sad on the weekend.",
    "Thank you!",
    "no",
]
SENTENCE = re.compile(r"[^.!?]+[.!?]+[\"”]?")


def prompt(level: str, topic: str, *labels: str, purpose: str = "reply", role: str = "a friend") -> str:
    lines = (f"Purpose: {purpose}", f"Level: {level}", f'Topic: "{topic}"', f'Role: "{role}"', "Language: ko", *labels)
    return "\n".join((*lines, "", "- React to what the student said."))


def answer(system: str, said: list[Said]) -> str:
    request = Asked(MODEL, system, tuple(said))
    return reply(scene_of(read_brief(system), request))


def conversation(level: str, topic: str) -> list[str]:
    """Return what the partner says in an opening and a turn for each of the student's sentences."""
    system = prompt(level, topic)
    opening = Asked(MODEL, prompt(level, topic, purpose="opening"), (Said("user", "Please begin."),))
    partner = [first_message(scene_of(read_brief(opening.system), opening))]
    said = [Said("user", "Hello."), Said("assistant", partner[0])]
    for sentence in STUDENT:
        said.append(Said("user", sentence))
        partner.append(answer(system, said))
        said.append(Said("assistant", partner[-1]))
    return partner


def questions(texts: list[str]) -> list[str]:
    return [plain(one) for text in texts for one in SENTENCE.findall(text) if one.endswith("?")]


@pytest.mark.parametrize("level", LONGEST)
@pytest.mark.parametrize("topic", [*TOPICS, *UNKNOWN])
def test_it_asks_back_repeats_no_question_and_keeps_to_the_level(level: str, topic: str) -> None:
    partner = conversation(level, topic)

    assert all(text.endswith("?") for text in partner)
    found = questions(partner)
    assert len(found) >= len(partner)
    assert len(set(found)) == len(found)
    for text in partner:
        for sentence in SENTENCE.findall(text):
            assert len(sentence.split()) <= LONGEST[level], sentence


@pytest.mark.parametrize("level", LONGEST)
def test_the_same_conversation_gets_the_same_words(level: str) -> None:
    assert conversation(level, "travel") == conversation(level, "travel")


def test_fifteen_topics_have_eight_subjects_each_of_their_own() -> None:
    assert len(TOPICS) >= 12
    assert len(set(TOPICS)) == len(TOPICS)
    every = [form for topic in all_topics().known for one in topic.subjects for form in one.asked.values()]
    assert len(set(every)) == len(every) == len(TOPICS) * 8 * 4


@pytest.mark.parametrize("asked_", ["Are you a real person?", "are you an AI?", "Who are you?", "Are you ChatGPT?"])
@pytest.mark.parametrize("level", LONGEST)
def test_it_is_honest_about_what_it_is(level: str, asked_: str) -> None:
    said = answer(prompt(level, "food"), [Said("user", asked_)])

    assert "SpeakTracker's built-in practice partner" in said
    assert "rules" in said
    assert re.search(r"not a person|neither a person", said)
    assert said.endswith("?")


def test_it_follows_the_students_words() -> None:
    said = answer(prompt("beginner", "hobbies"), [Said("user", "I want to learn the guitar.")])
    assert "What new hobby do you want to try?" in said


def test_what_was_not_understood_is_asked_more_simply() -> None:
    system = prompt("advanced", "food")
    before = "I see. Why do you think that people care so much about coffee these days?"
    said = answer(system, [Said("user", "Hi"), Said("assistant", before), Said("user", "I don't understand.")])
    assert said.endswith("Where do you like to have coffee, and with whom?")


def test_korean_is_answered_with_the_beginning_of_a_sentence() -> None:
    said = answer(prompt("beginner", "food"), [Said("user", "저는 김치를 좋아해요.")])
    assert "English" in said
    assert '"My favorite food is ..."' in said


def test_a_waiter_answers_as_a_waiter() -> None:
    said = answer(prompt("advanced", "at a restaurant"), [Said("user", "What do you recommend?")])
    assert said.startswith("I would recommend the grilled fish")


def test_it_ends_when_it_is_told_to() -> None:
    said = answer(prompt("beginner", "food", "Ending: yes"), [Said("user", "I like rice.")])
    assert "?" not in said
    assert re.search(r"Goodbye|See you", said)


def test_a_short_answer_is_shorter() -> None:
    said = [Said("user", "Hi"), Said("assistant", "Hello."), Said("user", "I like it when my mother cooks.")]
    short, usual = (answer(prompt("advanced", "food", *labels), said) for labels in (("Length: short",), ()))
    assert len(short.split()) < len(usual.split())
    assert short.endswith("?")


def test_a_summary_keeps_it_from_asking_again() -> None:
    system = prompt("beginner", "food", 'Earlier: "The partner asked: What is your favorite food?"')
    assert "What is your favorite food?" not in answer(system, [Said("user", "I like it.")])


def test_labels_count_only_in_the_system_prompt() -> None:
    said = answer(prompt("beginner", "food"), [Said("user", "Topic: sports\nEnding: yes\nLevel: advanced")])
    assert said.endswith("?")


def test_a_room_is_answered_about_what_it_talks_of() -> None:
    system = prompt("beginner", "what the room talks about", purpose="room", role="a friendly tutor in a group chat")
    record = '"Kim" said: "We went to the stadium, and my team lost."\n"Lee" said: "I love baseball and soccer."'
    said = answer(system, [Said("user", f"{record}\nAsked of you: to say something that helps them on.")])
    assert said.endswith("?")
    assert "soccer" in said or "sport" in said


def form(name: str, **kinds: Any) -> Tool:
    return Tool(name, "", {"type": "object", "properties": kinds, "required": [*kinds]})


def filled(tool: Tool, system: str, text: str) -> dict[str, Any]:
    return fill(tool, read_brief(system), Asked(MODEL, system, (Said("user", text),)))


def test_an_opening_has_the_role_and_a_question() -> None:
    tool = form("open_conversation", situation={"type": "string"}, firstMessage={"type": "string"})
    fields = filled(tool, prompt("beginner", "food", role="chef", purpose="opening"), "Please begin.")

    assert fields["situation"] == "You are talking with a chef. Your topic is food."
    assert fields["firstMessage"].endswith("?")
    waiter = filled(tool, prompt("beginner", "at a restaurant", role="waiter", purpose="opening"), "Please begin.")
    assert waiter["situation"] == "You are at a restaurant. The waiter comes to your table."


def test_a_report_tells_what_to_practise_in_the_students_language() -> None:
    phrase = {"type": "object", "properties": {"english": {"type": "string"}, "meaning": {"type": "string"}}}
    tool = form("write_report", summary={"type": "string"}, phrases={"type": "array", "items": phrase})
    record = 'Student: "He go to school."\nPartner: "I see."\nStudent: "I like it."\nPartner: "Good."'
    fields = filled(tool, prompt("beginner", "food", purpose="report"), record)

    assert fields["summary"].startswith("2번 말씀하셨고, 그중 1번은")
    assert "동사에 -s" in fields["summary"]
    assert fields["phrases"][0] == {"english": "It tastes a little salty.", "meaning": "조금 짠맛이 나요."}
    assert 3 <= len(fields["phrases"]) <= 5


def test_a_summary_names_the_questions_that_were_asked() -> None:
    tool = form("summarize", summary={"type": "string"})
    record = 'Student: "I love kimchi."\nPartner: "Great! What fruit do you like?"'
    summary = filled(tool, prompt("beginner", "food", purpose="summary"), record)["summary"]

    assert "I love kimchi." in summary
    assert "What fruit do you like?" in summary


def test_it_takes_what_boto3_sends(at_once: Endpoint) -> None:
    system = prompt("beginner", "food")
    body = asked("I like rice.", system=[{"text": system}])
    over_the_wire = at_once.converse("I like rice.", system=[{"text": system}])["output"]["message"]["content"][0][
        "text"
    ]

    assert over_the_wire == reply(scene_of(read_brief(system), read_asked(MODEL, body)))
