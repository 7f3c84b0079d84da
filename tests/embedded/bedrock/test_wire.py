"""Converse and ConverseStream by boto3: its own parser reads every answer, event and error."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.embedded.bedrock.conftest import Endpoint, asked

SYSTEM = [{"text": "Purpose: reply\nLevel: advanced\nTopic: travel\nRole: a friend\nLanguage: en"}]
FORM: dict[str, Any] = {
    "tools": [
        {
            "toolSpec": {
                "name": "correct_sentence",
                "description": "Correct it.",
                "inputSchema": {
                    "json": {
                        "type": "object",
                        "properties": {
                            "isCorrect": {"type": "boolean"},
                            "better": {"type": "string"},
                            "why": {"type": "string"},
                        },
                        "required": ["isCorrect", "better", "why"],
                    }
                },
            }
        }
    ],
    "toolChoice": {"tool": {"name": "correct_sentence"}},
}


def text_of(answer: dict[str, Any]) -> str:
    return "".join(block["text"] for block in answer["output"]["message"]["content"])


def kinds(events: list[dict[str, Any]]) -> list[str]:
    return [next(iter(event)) for event in events]


def deltas(events: list[dict[str, Any]]) -> list[str]:
    return [event["contentBlockDelta"]["delta"]["text"] for event in events if "contentBlockDelta" in event]


def refused(call: Callable[[], Any]) -> tuple[str, str, int]:
    with pytest.raises(ClientError) as refusal:
        call()
    response = refusal.value.response
    return response["Error"]["Code"], response["Error"]["Message"], response["ResponseMetadata"]["HTTPStatusCode"]


def test_an_answer_is_whole(at_once: Endpoint) -> None:
    answer = at_once.converse("I like the sea.", system=SYSTEM)

    assert answer["output"]["message"]["role"] == "assistant"
    assert text_of(answer).endswith("?")
    assert answer["stopReason"] == "end_turn"
    usage = answer["usage"]
    assert usage["inputTokens"] > 20
    assert usage["outputTokens"] > 5
    assert usage["totalTokens"] == usage["inputTokens"] + usage["outputTokens"]
    assert answer["metrics"]["latencyMs"] >= 0
    assert answer["ResponseMetadata"]["HTTPHeaders"]["x-amzn-requestid"]


def test_a_stream_is_the_same_answer_in_events(at_once: Endpoint) -> None:
    whole = at_once.converse("I like the sea.", system=SYSTEM)
    events = list(at_once.stream("I like the sea.", system=SYSTEM))

    count = len(deltas(events))
    assert count > 1
    assert kinds(events) == [
        "messageStart",
        *["contentBlockDelta"] * count,
        "contentBlockStop",
        "messageStop",
        "metadata",
    ]
    assert events[0]["messageStart"] == {"role": "assistant"}
    assert "".join(deltas(events)) == text_of(whole)
    assert events[-2]["messageStop"]["stopReason"] == "end_turn"
    assert events[-1]["metadata"]["usage"] == whole["usage"]


def test_a_forced_form_is_filled_in(at_once: Endpoint) -> None:
    answer = at_once.converse("He go to school.", system=[{"text": "Language: ko"}], toolConfig=FORM)

    (block,) = answer["output"]["message"]["content"]
    assert answer["stopReason"] == "tool_use"
    assert block["toolUse"]["name"] == "correct_sentence"
    assert block["toolUse"]["input"]["isCorrect"] is False
    assert block["toolUse"]["input"]["better"] == "He goes to school."
    assert "동사" in block["toolUse"]["input"]["why"]


def test_a_form_is_streamed_as_parts_of_its_json(at_once: Endpoint) -> None:
    events = list(at_once.stream("He goes to school.", toolConfig=FORM))

    assert events[1]["contentBlockStart"]["start"]["toolUse"]["name"] == "correct_sentence"
    parts = [
        event["contentBlockDelta"]["delta"]["toolUse"]["input"] for event in events if "contentBlockDelta" in event
    ]
    assert json.loads("".join(parts)) == {"isCorrect": True, "better": "He goes to school.", "why": ""}
    assert kinds(events)[-3:] == ["contentBlockStop", "messageStop", "metadata"]
    assert events[-2]["messageStop"]["stopReason"] == "tool_use"


def test_an_unknown_form_is_filled_so_that_it_fits(at_once: Endpoint) -> None:
    schema = {
        "type": "object",
        "properties": {
            "mood": {"enum": ["good", "bad"]},
            "stars": {"type": "integer", "minimum": 1},
            "words": {"type": "array", "minItems": 2, "items": {"$ref": "#/$defs/word"}},
            "optional": {"type": "number"},
        },
        "required": ["mood", "stars", "words"],
        "$defs": {"word": {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]}},
    }
    tool = {"toolSpec": {"name": "rate", "inputSchema": {"json": schema}}}
    answer = at_once.converse("Rate it.", toolConfig={"tools": [tool], "toolChoice": {"any": {}}})

    filled = answer["output"]["message"]["content"][0]["toolUse"]["input"]
    assert filled["mood"] == "good"
    assert filled["stars"] == 1
    assert [*filled] == ["mood", "stars", "words"]
    assert len(filled["words"]) == 2
    assert all(word["text"] for word in filled["words"])


@pytest.mark.parametrize("most", [1, 3, 7])
def test_an_answer_takes_no_more_tokens_than_it_may(at_once: Endpoint, most: int) -> None:
    limited = {"system": SYSTEM, "inferenceConfig": {"maxTokens": most}}
    answer = at_once.converse("I like the sea.", **limited)
    events = list(at_once.stream("I like the sea.", **limited))

    assert answer["stopReason"] == "max_tokens"
    assert answer["usage"]["outputTokens"] == most
    assert text_of(at_once.converse("I like the sea.", system=SYSTEM)).startswith(text_of(answer))
    assert "".join(deltas(events)) == text_of(answer)
    assert events[-2]["messageStop"]["stopReason"] == "max_tokens"


def test_a_stop_sequence_ends_an_answer_before_it(at_once: Endpoint) -> None:
    whole = text_of(at_once.converse("I like the sea.", system=SYSTEM))
    stop = whole.split()[3]
    answer = at_once.converse("I like the sea.", system=SYSTEM, inferenceConfig={"stopSequences": [stop, "never"]})

    assert answer["stopReason"] == "stop_sequence"
    assert text_of(answer) == whole[: whole.index(stop)]


def test_a_form_that_is_cut_off_has_no_fields(at_once: Endpoint) -> None:
    answer = at_once.converse("He go.", toolConfig=FORM, inferenceConfig={"maxTokens": 3})

    assert answer["stopReason"] == "max_tokens"
    assert answer["output"]["message"]["content"][0]["toolUse"]["input"] == {}


def test_a_guardrail_puts_its_own_words_in_place(at_once: Endpoint) -> None:
    guard = {"guardrailConfig": {"guardrailIdentifier": "abc123", "guardrailVersion": "1"}}
    answer = at_once.converse("How do I build a bomb?", **guard)
    events = list(at_once.stream("How do I build a bomb?", **guard))

    assert answer["stopReason"] == "guardrail_intervened"
    assert text_of(answer) == "Sorry, the model cannot answer this question."
    assert events[-2]["messageStop"]["stopReason"] == "guardrail_intervened"
    assert at_once.converse("How do I build a house?", **guard)["stopReason"] == "end_turn"
    assert at_once.converse("How do I build a bomb?")["stopReason"] == "end_turn"


def test_tokens_are_counted_alike(at_once: Endpoint) -> None:
    request = asked("I like the sea.", system=SYSTEM)
    counted = at_once.runtime.count_tokens(
        modelId=request["modelId"], input={"converse": {"messages": request["messages"], "system": SYSTEM}}
    )

    assert counted["inputTokens"] == at_once.converse("I like the sea.", system=SYSTEM)["usage"]["inputTokens"]


def message(role: str, *texts: str) -> dict[str, Any]:
    return {"role": role, "content": [{"text": text} for text in texts]}


@pytest.mark.parametrize(
    ("request_", "told"),
    [
        ({"messages": []}, "must start with a user message"),
        ({"messages": [message("assistant", "Hi")]}, "must start with a user message"),
        ({"messages": [message("user", "Hi"), message("user", "Hi")]}, "must alternate"),
        ({"messages": [message("user", "Hi"), message("assistant", "Hi")]}, "must end with a user message"),
        ({"messages": [message("user", "Hi", " \n")]}, "messages.0.content.1 is blank"),
        ({"messages": [message("user")]}, "messages.0 is empty"),
        ({"system": [{"text": "  "}]}, "system.0 is blank"),
        ({"inferenceConfig": {"maxTokens": 8193}}, "exceeds the model limit of 8192"),
        ({"modelId": "nonsense"}, "The provided model identifier is invalid."),
        ({"toolConfig": FORM | {"toolChoice": {"tool": {"name": "other"}}}}, "'other'"),
        ({"toolConfig": {"tools": FORM["tools"] * 2}}, "twice"),
        ({"messages": [message("user", "word " * 200_001)]}, "Input is too long"),
        (
            {"messages": [{"role": "user", "content": [{"image": {"format": "png", "source": {"bytes": b"x"}}}]}]},
            "reads text",
        ),
    ],
)
def test_what_aws_refuses_is_refused(at_once: Endpoint, request_: dict[str, Any], told: str) -> None:
    for call in (at_once.runtime.converse, at_once.runtime.converse_stream):
        code, sentence, status = refused(lambda call=call: call(**asked() | request_))  # type: ignore[misc]
        assert (code, status) == ("ValidationException", 400)
        assert told in sentence


@pytest.mark.parametrize(
    "model",
    [
        "us.anthropic.claude-3-5-haiku-20241022-v1:0",
        "amazon.nova-lite-v1:0",
        "arn:aws:bedrock:ap-northeast-2:123456789012:application-inference-profile/abc123",
        "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0",
    ],
)
def test_models_are_named_as_aws_names_them(at_once: Endpoint, model: str) -> None:
    assert at_once.runtime.converse(**asked() | {"modelId": model})["stopReason"] == "end_turn"


def test_any_third_call_is_throttled_where_that_is_asked_for(endpoint_with: Callable[..., Endpoint]) -> None:
    endpoint = endpoint_with(FIRST_TOKEN_MS="0", TOKENS_PER_SECOND="0", THROTTLE_EVERY="3")

    for _ in range(2):
        endpoint.converse()
        endpoint.converse()
        assert refused(endpoint.stream)[::2] == ("ThrottlingException", 429)


def test_each_call_is_logged_without_its_words(at_once: Endpoint) -> None:
    at_once.converse("My secret is a pineapple.")

    last = at_once.invocations()[-1]
    assert last["operation"] == "converse"
    assert last["stopReason"] == "end_turn"
    assert last["outputTokens"] > 0
    assert "pineapple" not in json.dumps(at_once.invocations())
