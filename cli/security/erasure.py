"""A student and a tutor whose every word is a canary leave; then everything that is kept is searched."""

import json
import secrets
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import httpx
from websockets.sync.client import connect

from cli.security.cases import Case
from cli.security.files import PNG
from cli.security.kept import Keeping
from cli.security.people import PASSWORD, Person, Target

PATIENCE = 90.0
ENDED = ("COMPLETED", "FAILED", "CANCELLED")
STAY = {
    "said in a room": "readable for the others, as a former member's",
    "told a student": "the student's, without the tutor's e-mail",
}
"""Words that others were told, and keep."""
NAMELESS = {"read aloud": {"bucket tts"}}
"""Where words lie for seven days without anybody's name: the voice of a text, and when each word of it is said."""
OF_IDS = ("table ERASED", "table TOKEN", "log ")
"""Where the userId alone is kept for a while: to remove what arrives late, in used tickets, and in log lines."""

Found = dict[str, set[str]]
"""The places in which each canary lies, by what it was."""


def erasure(target: Target, _student: Person, _tutor: Person) -> Iterator[Case]:
    """Plant a canary in all that two people can say, show and be; erase them; find what may stay, and nothing else."""
    planted = Planted(target)
    keeping = Keeping(target, target.directory)
    before = planted.found_in(keeping)
    for kind in planted.canaries:
        yield f"{kind}: kept before", bool(before[kind]), "kept before"
    planted.leave(keeping)
    after = planted.found_in(keeping)
    for kind, places in sorted(before.items()):
        left = after[kind] - NAMELESS.get(kind, set())
        if kind in STAY:
            yield f"{kind}: stays", bool(left), STAY[kind]
        else:
            yield f"{kind}: of {len(places)} places", not left, ", ".join(sorted(left)) or "found nowhere"
    yield from planted.as_others_see_it()


class Planted:
    """Somebody who learns, somebody who teaches, those of their room and lessons who stay, and what was said."""

    def __init__(self, target: Target) -> None:
        """Have them sign up, and say everything."""
        self.canaries: dict[str, str] = {}
        self._target = target
        self._student = target.person(name=f"Ann {self._canary('name')}")
        self._tutor = target.person("tutor", name=f"Tom {self._canary('name of a tutor')}")
        self._pupil, self._teacher = target.person(), target.person("tutor")
        self._match(self._student, self._teacher, self._canary("asked of a tutor"))
        self._match(self._pupil, self._tutor, "Please.")
        self._room = self._student.room(name="Coffee")
        self._names = {one.email: one.user_id for one in (self._student, self._tutor)}
        for say in (self._speak, self._practise, self._teach, self._show, self._collect):
            say()

    def found_in(self, keeping: Keeping) -> Found:
        """Return where each canary, e-mail and id lies now, but for where ids may."""
        wanted = {kind: word.encode() for kind, word in self.canaries.items()}
        people = list(self._names.items())
        ids = {f"userId {number}": user_id.encode() for number, (_, user_id) in enumerate(people, 1)}
        wanted |= ids | {f"e-mail {number}": email.encode() for number, (email, _) in enumerate(people, 1)}
        found: Found = defaultdict(set)
        for place, content in keeping.everything():
            for kind, word in wanted.items():
                if word in content and not (kind in ids and place.startswith(OF_IDS)):
                    found[kind].add(place)
        return found

    def leave(self, keeping: Keeping) -> None:
        """Have both leave, and wait until their accounts are gone."""
        for one in (self._student, self._tutor):
            one.call("DELETE", "/api/me", json={"password": PASSWORD}).raise_for_status()
        for user_id in self._names.values():
            self._await(lambda user_id=user_id: not keeping.has_account(user_id), "leaving")  # type: ignore[misc]

    def as_others_see_it(self) -> Iterator[Case]:
        """Read what stays as those do who may."""
        page = self._pupil.call("GET", f"/rooms/{self._room}/messages").json()["data"]["messages"]
        word = self.canaries["said in a room"]
        authors = {(one["userId"], one.get("userName", "")) for one in page if word in one["content"]}
        yield "a member reads the room", {who for who, _ in authors} == {"former-member"}, str(sorted(authors))
        again = self._target.http.post("/api/auth/login", json={"email": self._student.email, "password": PASSWORD})
        yield "signing in again", again.status_code == 401, str(again.status_code)

    def _speak(self) -> None:
        student, room = self._student, self._room
        self._pupil.ticket(room)
        with connect(f"{self._target.socket}?roomToken={student.ticket(room)}", proxy=None) as socket:
            _say(socket, "messageAck", action="sendMessage", roomId=room, content=self._canary("said in a room"))
            key = self._put(student, f"/rooms/{room}/uploads", "shown in a room", messageType="IMAGE")
            shown = {"messageType": "IMAGE", "key": key, "content": "see"}
            _say(socket, "messageAck", action="sendMessage", roomId=room, **shown)
        with connect(f"{self._target.socket}?token={student.token}", proxy=None) as socket:
            asked = f"Yesterday I goed to {self._canary('said to the partner')}."
            _say(socket, "messageResponse", action="sendMessage", message=asked)
        doing = {"room": self._canary("was doing"), "isLearning": True}
        student.call("POST", "/api/student-status", json=doing).raise_for_status()

    def _practise(self) -> None:
        student = self._student
        begun = {"sessionType": "practice", "metadata": {"unit": self._canary("a lesson")}}
        session = student.call("POST", "/api/sessions/start", json=begun).raise_for_status().json()["sessionId"]
        topic = {"topic": "food", "count": 1, "sessionId": session}
        student.call("POST", "/api/sentences/generate", json=topic).raise_for_status()
        text = f"Good morning to {self._canary('read aloud')}."
        spoken = self._done(student, "/api/tts", json={"text": text})["audioUrl"]
        sound = httpx.get(spoken, trust_env=False).content + _tag(self._canary("a recording"))
        read = {"originalText": text, "sessionId": session}
        self._done(student, "/api/stt/evaluate", params={"wait": 0}, data=read, files={"audioFile": ("x.mp3", sound)})
        student.call("POST", "/api/sessions/end", json={"sessionId": session}).raise_for_status()

    def _teach(self) -> None:
        for tutor, student, kind in (
            (self._teacher, self._student, "heard from a tutor"),
            (self._tutor, self._pupil, "told a student"),
        ):
            told = {"studentEmail": student.email, "message": self._canary(kind), "messageType": "text"}
            tutor.call("POST", "/api/tutor/feedback", json=told).raise_for_status()

    def _show(self) -> None:
        key = self._put(self._student, "/api/me/profile-image", "a picture")
        self._student.call("PATCH", "/api/me", json={"profileImageKey": key}).raise_for_status()

    def _collect(self) -> None:
        said = [{"role": "user", "content": f"I like {self._canary('imported')} and tea {n}."} for n in range(3)]
        export = json.dumps([{"id": f"talk-{n}", "messages": said} for n in range(6)]).encode()
        self._done(self._student, "/api/graphs", files={"file": ("export.json", export)})
        self._done(self._student, "/api/me/export")

    def _canary(self, kind: str) -> str:
        return self.canaries.setdefault(kind, f"canary{secrets.token_hex(8)}")

    def _match(self, student: Person, tutor: Person, message: str) -> None:
        asked = student.call("POST", f"/api/tutors/{tutor.email}/request", json={"message": message})
        tutor.call("POST", f"/api/tutors/requests/{asked.raise_for_status().json()['requestId']}/approve")

    def _put(self, who: Person, path: str, kind: str, **more: str) -> str:
        content = PNG + self._canary(kind).encode()
        asked = {"contentType": "image/png", "size": len(content)} | more
        said = who.call("POST", path, json=asked).raise_for_status().json()
        offered = said.get("data") or said
        form = {"data": offered["fields"], "files": {"file": content}}
        httpx.post(offered["url"], **form, timeout=30, trust_env=False).raise_for_status()
        return str(offered["key"])

    def _done(self, who: Person, path: str, **asked: Any) -> dict[str, Any]:
        """Ask for a job, and return its result once it has ended."""
        job = who.call("POST", path, **asked).raise_for_status().json()["jobId"]

        def ended() -> dict[str, Any] | None:
            found: dict[str, Any] = who.call("GET", f"/api/jobs/{job}").json()
            return found if found["status"] in ENDED else None

        found = self._await(ended, path)
        return dict(found.get("result") or found)

    def _await(self, seen: Callable[[], Any], what: str) -> Any:
        until = time.monotonic() + PATIENCE
        while not (found := seen()):
            if time.monotonic() > until:
                raise ValueError(f"{what}: not within {PATIENCE:.0f} s")
            time.sleep(0.2)
        return found


def _say(socket: Any, answer: str, **frame: Any) -> None:
    socket.send(json.dumps({"requestId": str(uuid4())} | frame))
    while json.loads(socket.recv(timeout=PATIENCE)).get("action") != answer:
        pass


def _tag(word: str) -> bytes:
    """Return an ID3v1 tag, which may stand behind an MP3, with a word as its title."""
    return b"TAG" + word.encode().ljust(125, b"\0")
