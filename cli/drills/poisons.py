"""Twenty-nine bodies that no worker should stumble over, made from one that is sound: for the drill and the suite."""

from __future__ import annotations

import base64
import json
from typing import Any

LETTER = "letter"
RUNS = "runs"
WAITS = "waits"


def b64(text: str | bytes) -> str:
    """Return the text as a message's body holds it."""
    return base64.b64encode(text.encode() if isinstance(text, str) else text).decode()


def _body(content: Any) -> str:
    return b64(json.dumps(content))


class Poisons:
    """Makes the bodies; those that can be read at all name a task that exists where they are sent."""

    def __init__(self, task: str) -> None:
        """Keep the task's name."""
        self._task = task

    def _sound(self, name: str) -> dict[str, Any]:
        return {
            "body": _body([[name], {}, {"callbacks": None, "errbacks": None, "chain": None, "chord": None}]),
            "content-encoding": "utf-8",
            "content-type": "application/json",
            "headers": {"lang": "py", "task": self._task, "id": name, "argsrepr": "()", "kwargsrepr": "{}"},
            "properties": {
                "correlation_id": name,
                "delivery_mode": 2,
                "delivery_info": {"exchange": "", "routing_key": "q"},
                "priority": 0,
                "body_encoding": "base64",
                "delivery_tag": "x",
            },
        }

    def _with(self, name: str, *, headers: dict[str, Any] | None = None, properties: Any = None, **fields: Any) -> str:
        envelope = {**self._sound(name), **fields}
        if headers:
            envelope["headers"] = {**envelope["headers"], **headers}
        if properties:
            envelope["properties"] = {**envelope["properties"], **properties}
        return b64(json.dumps(envelope))

    def _fields(self, name: str, **fields: Any) -> str:
        return b64(json.dumps({**self._sound(name), **{key.replace("_", "-"): value for key, value in fields.items()}}))

    def _without(self, name: str, key: str) -> str:
        envelope = self._sound(name)
        del envelope[key]
        return b64(json.dumps(envelope))

    def bodies(self) -> dict[str, tuple[str, str]]:
        """Each body, and what should become of it: a dead letter, a run, or a wait for a newer worker."""
        return {
            "plain": ("hello not json", LETTER),
            "jsonlist": ("[1,2,3]", LETTER),
            "jsondict": ('{"foo": 1}', LETTER),
            "jsonnum": ("42", LETTER),
            "xml": ("<a/>", LETTER),
            "unicode": ("héllo ☃", LETTER),
            "b64garbage": (b64(b"\xff\xfe\x00\x01" * 8), LETTER),
            "unknowntask": (self._with("unknowntask", headers={"task": "nope"}), WAITS),
            "pickle": (self._fields("pickle", content_type="application/x-python-serialize"), LETTER),
            "badct": (self._fields("badct", content_type="application/x-nonsense"), LETTER),
            "badbody": (self._with("badbody", body=b64("not-json{{")), LETTER),
            "badb64": (self._with("badb64", body="!!!notb64"), LETTER),
            "nullheaders": (b64(json.dumps({**self._sound("nullheaders"), "headers": None})), LETTER),
            "noheaders": (self._without("noheaders", "headers"), LETTER),
            "nodi": (b64(json.dumps({**self._sound("nodi"), "properties": {"body_encoding": "base64"}})), RUNS),
            "nulldi": (self._with("nulldi", properties={"delivery_info": None}), RUNS),
            "propsnull": (b64(json.dumps({**self._sound("propsnull"), "properties": None})), LETTER),
            "propslist": (b64(json.dumps({**self._sound("propslist"), "properties": [1]})), LETTER),
            "nobody": (b64(json.dumps({**self._sound("nobody"), "body": None})), LETTER),
            "noid": (b64(json.dumps({**self._sound("noid"), "headers": {"task": self._task}})), LETTER),
            "badeta": (self._with("badeta", headers={"eta": "not-a-date"}), LETTER),
            "badexpires": (self._with("badexpires", headers={"expires": "not-a-date"}), LETTER),
            "badargs": (self._with("badargs", body=_body([{"a": 1}, [], {}])), LETTER),
            "badargs2": (self._with("badargs2", body=_body({"x": 1})), LETTER),
            "badtimelimit": (self._with("badtimelimit", headers={"timelimit": "zzz"}), LETTER),
            "badcompression": (self._with("badcompression", headers={"compression": "nozip"}), LETTER),
            "badretries": (self._with("badretries", headers={"retries": "x"}), LETTER),
            "bodyenc": (self._with("bodyenc", properties={"body_encoding": "rot13"}), LETTER),
            "wrongrk": (
                self._with("wrongrk", properties={"delivery_info": {"exchange": "zz", "routing_key": "o"}}),
                RUNS,
            ),
        }
