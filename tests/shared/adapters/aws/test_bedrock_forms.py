"""The partner filling in forms, against an endpoint that answers as Bedrock's Converse does."""

from collections.abc import Callable
from typing import Any

import pytest

from shared.adapters.aws import bedrock
from shared.adapters.aws.bedrock import BedrockPartner
from shared.kernel.errors import Unavailable
from shared.kernel.partner import Filled, Form, PartnerRefused, Question, Speaker, Usage, Utterance
from tests.shared.adapters.aws.conftest import CountedSlots
from tests.shared.adapters.aws.model_endpoint import Answer, ModelEndpoint, refusal, stalled, whole

SCHEMA = {"type": "object", "properties": {"better": {"type": "string"}}, "required": ["better"]}
FORM = Form("correct", "Correct the sentence.", SCHEMA)
ASKED = Question("A teacher.", [Utterance(Speaker.STUDENT, "He go.")], most_tokens=200, form=FORM, temperature=0.0)
USAGE = {"inputTokens": 40, "outputTokens": 9, "totalTokens": 49}


def answer_of(*content: dict[str, Any], reason: str = "tool_use", **fields: Any) -> Answer:
    message = {"role": "assistant", "content": list(content)}
    return whole({"output": {"message": message}, "stopReason": reason, "usage": USAGE, "metrics": {}} | fields)


def tool(given: Any) -> dict[str, Any]:
    return {"toolUse": {"toolUseId": "t1", "name": "correct", "input": given}}


GOOD = answer_of({"text": "Here you are."}, tool({"better": "He goes.", "marks": [1, {"x": None}]}))
FIELDS = {"better": "He goes.", "marks": [1, {"x": None}]}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bedrock, "FIRST_PAUSE", 0.01)


def test_a_form_is_a_tool_that_must_be_called(
    partner: BedrockPartner, model: ModelEndpoint, slots: CountedSlots
) -> None:
    model.answers = [GOOD]
    assert partner.fill(ASKED) == Filled(FIELDS, Usage(40, 9))

    [(path, asked)] = model.asked
    assert path == "/model/test.model-v1%3A0/converse"
    assert asked["toolConfig"] == {
        "tools": [
            {
                "toolSpec": {
                    "name": "correct",
                    "description": "Correct the sentence.",
                    "inputSchema": {"json": SCHEMA},
                }
            }
        ],
        "toolChoice": {"tool": {"name": "correct"}},
    }
    assert asked["inferenceConfig"] == {"maxTokens": 200, "temperature": 0.0}
    assert (slots.taken, slots.held) == (1, 0)


def test_a_guardrail_watches_forms_too(partner_with: Callable[..., BedrockPartner], model: ModelEndpoint) -> None:
    model.answers = [GOOD]
    partner_with(guardrail="abc:DRAFT").fill(ASKED)
    assert model.asked[0][1]["guardrailConfig"] == {"guardrailIdentifier": "abc", "guardrailVersion": "DRAFT"}


def test_a_form_without_its_count_is_estimated(partner: BedrockPartner, model: ModelEndpoint) -> None:
    model.answers = [answer_of(tool({"better": "He goes."}), usage={})]
    assert partner.fill(ASKED) == Filled({"better": "He goes."}, Usage(4, 6))


@pytest.mark.parametrize(
    "answer",
    [
        answer_of({"text": "He goes."}, reason="end_turn"),
        answer_of(),
        answer_of(tool("He goes.")),
        answer_of(tool(["He goes."])),
        answer_of(tool(None)),
        answer_of({"toolUse": {"toolUseId": "t1", "name": "correct"}}),
        answer_of(tool({"better": "He"}), reason="max_tokens"),
        answer_of({"text": "No."}, reason="guardrail_intervened"),
        whole({}),
        whole(b"He goes."),
        whole(b""),
    ],
)
def test_an_answer_without_the_form_is_unavailable_and_not_paid_again(
    answer: Answer, partner: BedrockPartner, model: ModelEndpoint
) -> None:
    model.answers = [answer]
    with pytest.raises(Unavailable):
        partner.fill(ASKED)
    assert len(model.asked) == 1


@pytest.mark.parametrize(
    "answer", [refusal("ThrottlingException", 429), refusal("InternalServerException", 500)], ids=["throttled", "fault"]
)
def test_what_passes_is_tried_three_times(answer: Answer, partner: BedrockPartner, model: ModelEndpoint) -> None:
    model.answers = [answer, answer, GOOD]
    assert partner.fill(ASKED).fields == FIELDS
    model.answers, model.asked = [answer], []
    with pytest.raises(Unavailable):
        partner.fill(ASKED)
    assert len(model.asked) == 3


@pytest.mark.parametrize("code", ["ValidationException", "AccessDeniedException"])
def test_what_does_not_pass_is_refused_at_once(code: str, partner: BedrockPartner, model: ModelEndpoint) -> None:
    model.answers = [refusal(code, 400)]
    with pytest.raises(PartnerRefused):
        partner.fill(ASKED)
    assert len(model.asked) == 1


@pytest.mark.parametrize(
    "broken",
    [
        lambda to: to.whole(200, b'{"half', content_length="100"),
        whole({"output": {}}),
        whole({"output": {"message": None}}),
        whole({"output": {"message": {"content": "He goes."}}}),
        whole(b"[]"),
    ],
    ids=["cut short", "no message", "null", "no blocks", "no object"],
)
def test_a_broken_answer_is_asked_for_again(broken: Answer, partner: BedrockPartner, model: ModelEndpoint) -> None:
    model.answers = [broken, GOOD]
    assert partner.fill(ASKED).fields == FIELDS
    model.answers = [broken]
    with pytest.raises(Unavailable):
        partner.fill(ASKED)


def test_forms_have_a_patience_of_their_own(
    partner_with: Callable[..., BedrockPartner], model: ModelEndpoint, slots: CountedSlots
) -> None:
    hasty = partner_with(read_seconds=0.05)
    patient = BedrockPartner(None, slots, model_id="m", form_client=partner_with()._client)
    model.answers = [stalled()]
    with pytest.raises(Unavailable):
        hasty.fill(ASKED)
    assert len(model.asked) == 3
    model.answers = [GOOD]
    assert patient.fill(ASKED).fields == FIELDS
