"""Files that are not what was offered or announced: pictures, recordings, exports."""

import json
import struct
import time
from collections.abc import Iterator
from typing import Any

import httpx
from websockets.sync.client import connect

from cli.security.cases import Case, case
from cli.security.people import Person, Target

PNG = b"\x89PNG\r\n\x1a\n"
MEBIBYTE = 1 << 20
_PATIENCE = 60.0
_ENDED = ("COMPLETED", "FAILED", "CANCELLED")


def uploads(target: Target, student: Person, tutor: Person) -> Iterator[Case]:
    """Uploads of another size or type, over what was shown, of somebody else's key, and beyond the quota."""
    room = student.room()
    offered = _offer(student, room)
    yield "larger than offered", *_not_taken(offered, PNG + bytes(2 * MEBIBYTE))
    yield "another type", *_not_taken(offered, PNG, **{"Content-Type": "text/html"})
    yield "another key", *_not_taken(offered, PNG, key=offered["key"].replace(student.user_id, tutor.user_id))
    yield "without a signature", *_not_taken(offered, PNG, **{"x-amz-signature": "0" * 64})
    _put(offered, PNG + b"first")
    with connect(f"{target.socket}?roomToken={student.ticket(room)}", proxy=None) as socket:
        shown = _posted(socket, room, offered["key"])
        _put(offered, PNG + b"later")
        read = httpx.get(shown["url"], trust_env=False)
        yield "overwritten after it was shown", read.content == PNG + b"first", repr(read.content[:20])
        served = (read.headers.get("Content-Type"), read.headers.get("Content-Disposition"))
        is_saved = served[0] == "image/png" and str(served[1]).startswith("attachment")
        yield "served as a page", is_saved, str(served)
        for what, content in (("a page as a picture", b"<html><script>"), ("nothing at all", b"")):
            other = _offer(student, room)
            if content:
                _put(other, content)
            answer = _posted(socket, room, other["key"])
            yield what, answer.get("action") == "error", str(answer.get("error"))
        answer = _posted(socket, room, f"incoming/{room}/{tutor.user_id}/x.png")
        yield "somebody else's key", answer.get("action") == "error", str(answer.get("error"))
    for what, asked, wanted in (
        ("too large", {"messageType": "IMAGE", "contentType": "image/png", "size": 11 * MEBIBYTE}, 413),
        ("a script", {"messageType": "IMAGE", "contentType": "image/svg+xml", "size": 10}, 415),
    ):
        yield case(f"an offer: {what}", student.call("POST", f"/rooms/{room}/uploads", json=asked), wanted)
    yield case("somebody else's room", tutor.call("POST", f"/rooms/{room}/uploads", json=_ASKED), 403)
    spender = target.person()
    own = spender.room()
    big = _ASKED | {"size": 10 * MEBIBYTE}
    statuses = [spender.once("POST", f"/rooms/{own}/uploads", json=big).status_code for _ in range(60)]
    yield "beyond a day's quota", statuses[-1] == 429, f"{statuses.count(200)} offers of 10 MiB"


def recordings(_target: Target, student: Person, _tutor: Person) -> Iterator[Case]:
    """Recordings that are none, lie about their length, or would be hours of sound."""
    hour = _wav(8_000, bytes(9 * MEBIBYTE))
    lying = _wav(16_000, bytes(64_000), said=0xFFFFFFF0)
    for what, content, wanted in (
        ("text", b"this is no sound at all " * 10, (415,)),
        ("a page", b"<html>" + bytes(200), (415,)),
        ("a zip", b"PK\x03\x04" + bytes(200), (415,)),
        ("nothing", b"", (400, 415)),
        ("more than ten mebibytes", hour + bytes(2 * MEBIBYTE), (413,)),
    ):
        yield case(what, _evaluated(student, content), *wanted)
    for what, content in (
        ("twenty minutes of sound", hour),
        ("a header that says four gigabytes", lying),
        ("a webm that breaks off", b"\x1aE\xdf\xa3\x84\x42\x82\x84webm" + bytes(5_000)),
        ("an ogg of noise", b"OggS" + bytes(range(256)) * 40),
        ("an mp4 of nothing", b"\0\0\0\x20ftypM4A " + bytes(5_000)),
    ):
        begun = time.monotonic()
        status = _end(student, _evaluated(student, content))
        took = time.monotonic() - begun
        yield what, status in ("FAILED", "COMPLETED") and took < _PATIENCE, f"{status} after {took:.1f} s"


_ASKED = {"messageType": "IMAGE", "contentType": "image/png", "size": 100}


def _offer(who: Person, room: str) -> dict[str, Any]:
    offered: dict[str, Any] = who.call("POST", f"/rooms/{room}/uploads", json=_ASKED).raise_for_status().json()["data"]
    return offered


def _put(offered: dict[str, Any], content: bytes, **changed: str) -> int:
    form = offered["fields"] | changed
    return httpx.post(offered["url"], data=form, files={"file": content}, timeout=30, trust_env=False).status_code


def _not_taken(offered: dict[str, Any], content: bytes, **changed: str) -> tuple[bool, str]:
    status = _put(offered, content, **changed)
    return status >= 400, str(status)


def _posted(socket: Any, room: str, key: str) -> dict[str, Any]:
    socket.send(
        json.dumps({"action": "sendMessage", "roomId": room, "content": "x", "messageType": "IMAGE", "key": key})
    )
    while True:
        frame: dict[str, Any] = json.loads(socket.recv(timeout=_PATIENCE))
        if frame.get("type") == "message" or frame.get("action") == "error":
            return frame


def _evaluated(who: Person, content: bytes) -> httpx.Response:
    return who.call(
        "POST",
        "/api/stt/evaluate",
        params={"wait": 0},
        data={"originalText": "Hello there."},
        files={"audioFile": ("x.wav", content, "audio/wav")},
    )


def _end(who: Person, accepted: httpx.Response) -> str:
    if accepted.status_code != 202:
        return "FAILED" if accepted.status_code == 400 else str(accepted.status_code)
    job = accepted.json()["jobId"]
    until = time.monotonic() + _PATIENCE
    status = ""
    while time.monotonic() < until and status not in _ENDED:
        status = str(who.call("GET", f"/api/jobs/{job}").json()["status"])
        time.sleep(0.2)
    return status


def _wav(rate: int, samples: bytes, said: int | None = None) -> bytes:
    size = len(samples) if said is None else said
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, rate, rate, 1, 8)
    return (
        b"RIFF"
        + struct.pack("<I", min(size + 36, 0xFFFFFFFF))
        + b"WAVE"
        + form
        + struct.pack("<4sI", b"data", size)
        + samples
    )
