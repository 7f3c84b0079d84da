"""Questions in the words of Amazon Bedrock's Converse, and its answers in ours."""

from itertools import groupby
from operator import attrgetter
from typing import Any

from shared.kernel.errors import Unavailable
from shared.kernel.partner import Ending, Filled, Form, Question, Speaker, Usage, Utterance

CHARACTERS_A_TOKEN = 4
"""For an answer without its count: what Anthropic and OpenAI name as the rule of thumb for English."""
OPENS = "(The student is here.)"
"""Said by the student where the partner spoke first: Converse takes no conversation that the model begins."""

ENDINGS = {
    "content_filtered": Ending.GUARDED,
    "guardrail_intervened": Ending.GUARDED,
    "max_tokens": Ending.LENGTH,
    "model_context_window_exceeded": Ending.LENGTH,
}
"""Every other stopReason means that the model had finished."""


def asked(question: Question, model_id: str) -> dict[str, Any]:
    """Return what Converse and ConverseStream are asked, but for the guardrail.

    Roles alternate, as models demand: what one side said in a row is one message. What is blank is left out.
    A form is a tool that the model has to call, which Anthropic's models from Claude 3 on and Amazon Nova do; others
    refuse it as invalid.
    """
    request: dict[str, Any] = {
        "modelId": model_id,
        "messages": _messages(question.said),
        "inferenceConfig": {"maxTokens": question.most_tokens, "temperature": question.temperature},
    }
    if question.system.strip():
        request["system"] = [{"text": question.system}]
    return request if question.form is None else request | {"toolConfig": _tool(question.form)}


def guarded_by(guardrail: str | None) -> dict[str, str]:
    """Return the configuration of a guardrail that is named as `id:version`; an ARN has colons of its own."""
    if guardrail is None:
        return {}
    identifier, _, version = guardrail.rpartition(":")
    return {"guardrailIdentifier": identifier, "guardrailVersion": version}


def _messages(said: list[Utterance]) -> list[dict[str, Any]]:
    worded = [one for one in said if one.text.strip()]
    if not worded or worded[0].speaker is not Speaker.STUDENT:
        worded.insert(0, Utterance(Speaker.STUDENT, OPENS))
    return [
        {"role": speaker.value, "content": [{"text": one.text} for one in together]}
        for speaker, together in groupby(worded, attrgetter("speaker"))
    ]


def _tool(form: Form) -> dict[str, Any]:
    described = {"name": form.name, "description": form.description, "inputSchema": {"json": form.schema}}
    return {"tools": [{"toolSpec": described}], "toolChoice": {"tool": {"name": form.name}}}


def filled(answer: dict[str, Any], question: Question) -> Filled:
    """Return the fields that a whole answer has.

    Raises:
        Unavailable: the answer has no form, or a piece of one.
    """
    content = (answer.get("output") or {}).get("message", {}).get("content") or []
    forms = [block["toolUse"].get("input") for block in content if "toolUse" in block]
    is_cut = ENDINGS.get(str(answer.get("stopReason"))) is not None
    if is_cut or not forms or not isinstance(forms[0], dict):
        raise Unavailable("The AI partner's answer is not usable.", "AI 파트너의 응답을 사용할 수 없습니다.")
    return Filled(forms[0], usage_of(answer.get("usage")) or estimated(question, len(str(forms[0]))))


def usage_of(counted: dict[str, Any] | None) -> Usage | None:
    """Return the tokens as Bedrock counted them; None where it did not."""
    counts = [(counted or {}).get(name) for name in ("inputTokens", "outputTokens")]
    return Usage(*counts) if all(isinstance(count, int) for count in counts) else None  # type: ignore[arg-type]


def estimated(question: Question, characters: int) -> Usage:
    """Estimate the tokens of a question and of an answer of so many characters, rounded up."""
    shown = len(question.system) + sum(len(one.text) for one in question.said)
    return Usage(-(-shown // CHARACTERS_A_TOKEN), -(-characters // CHARACTERS_A_TOKEN))


def text_of(event: dict[str, Any]) -> str:
    """Return what an event of the stream says; empty where it is of any other kind (reasoning, tools, unknown).

    Half of a surrogate pair, which JSON can carry and UTF-8 cannot, becomes U+FFFD.
    """
    said = ((event.get("contentBlockDelta") or {}).get("delta") or {}).get("text")
    if not isinstance(said, str):
        return ""
    return said.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
