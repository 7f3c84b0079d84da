"""Twenty-nine bodies that no worker should stumble over, made from one that is sound."""

from __future__ import annotations

import base64
import json
from typing import Any

LETTER = "letter"
RUNS = "runs"
WAITS = "waits"


def b64(text: str | bytes) -> str:
    return base64.b64encode(text.encode() if isinstance(text, str) else text).decode()


def _body(content: Any) -> str:
    return b64(json.dumps(content))


def _sound(name: str) -> dict[str, Any]:
    return {
        "body": _body([[name], {}, {"callbacks": None, "errbacks": None, "chain": None, "chord": None}]),
        "content-encoding": "utf-8",
        "content-type": "application/json",
        "headers": {"lang": "py", "task": "quick", "id": name, "argsrepr": "()", "kwargsrepr": "{}"},
        "properties": {
            "correlation_id": name,
            "delivery_mode": 2,
            "delivery_info": {"exchange": "", "routing_key": "q"},
            "priority": 0,
            "body_encoding": "base64",
            "delivery_tag": "x",
        },
    }


def _with(name: str, *, headers: dict[str, Any] | None = None, properties: Any = None, **fields: Any) -> str:
    envelope = {**_sound(name), **fields}
    if headers:
        envelope["headers"] = {**envelope["headers"], **headers}
    if properties:
        envelope["properties"] = {**envelope["properties"], **properties}
    return b64(json.dumps(envelope))


def _fields(name: str, **fields: Any) -> str:
    return b64(json.dumps({**_sound(name), **{key.replace("_", "-"): value for key, value in fields.items()}}))


def _without(name: str, key: str) -> str:
    envelope = _sound(name)
    del envelope[key]
    return b64(json.dumps(envelope))


def bodies() -> dict[str, tuple[str, str]]:
    """Each body, and what should become of it: a dead letter, a run, or a wait for a newer worker."""
    return {
        "plain": ("hello not json", LETTER),
        "jsonlist": ("[1,2,3]", LETTER),
        "jsondict": ('{"foo": 1}', LETTER),
        "jsonnum": ("42", LETTER),
        "xml": ("<a/>", LETTER),
        "unicode": ("héllo ☃", LETTER),
        "b64garbage": (b64(b"\xff\xfe\x00\x01" * 8), LETTER),
        "unknowntask": (_with("unknowntask", headers={"task": "nope"}), WAITS),
        "pickle": (_fields("pickle", content_type="application/x-python-serialize"), LETTER),
        "badct": (_fields("badct", content_type="application/x-nonsense"), LETTER),
        "badbody": (_with("badbody", body=b64("not-json{{")), LETTER),
        "badb64": (_with("badb64", body="!!!notb64"), LETTER),
        "nullheaders": (b64(json.dumps({**_sound("nullheaders"), "headers": None})), LETTER),
        "noheaders": (_without("noheaders", "headers"), LETTER),
        "nodi": (b64(json.dumps({**_sound("nodi"), "properties": {"body_encoding": "base64"}})), RUNS),
        "nulldi": (_with("nulldi", properties={"delivery_info": None}), RUNS),
        "propsnull": (b64(json.dumps({**_sound("propsnull"), "properties": None})), LETTER),
        "propslist": (b64(json.dumps({**_sound("propslist"), "properties": [1]})), LETTER),
        "nobody": (b64(json.dumps({**_sound("nobody"), "body": None})), LETTER),
        "noid": (b64(json.dumps({**_sound("noid"), "headers": {"task": "quick"}})), LETTER),
        "badeta": (_with("badeta", headers={"eta": "not-a-date"}), LETTER),
        "badexpires": (_with("badexpires", headers={"expires": "not-a-date"}), LETTER),
        "badargs": (_with("badargs", body=_body([{"a": 1}, [], {}])), LETTER),
        "badargs2": (_with("badargs2", body=_body({"x": 1})), LETTER),
        "badtimelimit": (_with("badtimelimit", headers={"timelimit": "zzz"}), LETTER),
        "badcompression": (_with("badcompression", headers={"compression": "nozip"}), LETTER),
        "badretries": (_with("badretries", headers={"retries": "x"}), LETTER),
        "bodyenc": (_with("bodyenc", properties={"body_encoding": "rot13"}), LETTER),
        "wrongrk": (_with("wrongrk", properties={"delivery_info": {"exchange": "zz", "routing_key": "o"}}), RUNS),
    }
