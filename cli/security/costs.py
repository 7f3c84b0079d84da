"""What one person, or one address, can cost the others: each tried while somebody else measures."""

import socket
import statistics
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit
from uuid import uuid4

import httpx

from cli.security.cases import HANDSHAKE, Case
from cli.security.people import Person, Target

LONGEST_WAIT = 5.0
"""Seconds that another's short text may take behind a flood of long ones; on an idle laptop it takes under one."""
LONGEST_ENTRY = 1.0
SLOW_SECONDS = 45.0
_ENDED = ("COMPLETED", "FAILED", "CANCELLED")


def speech(target: Target, _student: Person, _tutor: Person) -> Iterator[Case]:
    """Forty long texts of one student at once: some are refused with a time, and another's short text does not wait."""
    greedy, other = target.person(), target.person()
    idle = spoken_after(other)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda number: long_text(greedy, number), range(40)))
    behind = spoken_after(other)
    statuses = Counter(answer.status_code for answer in answers)
    yield "forty long texts", set(statuses) <= {202, 429} and statuses[429] > 0, str(dict(statuses))
    waits = [int(answer.headers.get("Retry-After", 0)) for answer in answers if answer.status_code == 429]
    yield "each refusal says when", all(0 < wait <= 3600 for wait in waits), f"{min(waits)} to {max(waits)} s"
    yield (
        "another's short text",
        behind < max(LONGEST_WAIT, 10 * idle),
        f"{idle:.1f} s alone, {behind:.1f} s behind them",
    )
    jobs = [answer.json()["jobId"] for answer in answers if answer.status_code == 202]
    ended = Counter(_ended(greedy, job) for job in jobs)
    yield "what was taken is spoken, none is a dead letter", set(ended) == {"COMPLETED"}, str(dict(ended))


def passwords(target: Target, _student: Person, _tutor: Person) -> Iterator[Case]:
    """A hundred private rooms made at once by one person do not keep another out of theirs."""
    maker, guest = target.person(), target.person()
    room = maker.room(isPrivate=True, password="open sesame")
    guest.ticket(room, password="open sesame")
    private = {"name": "x", "level": "beginner", "isPrivate": True, "password": "p"}
    guests = [target.person() for _ in range(4)]
    alone = entry(guests[0], room)
    with ThreadPoolExecutor(100) as pool:
        made = [pool.submit(maker.once, "POST", "/rooms", json=private) for _ in range(100)]
        time.sleep(0.5)
        behind = statistics.median([entry(one, room) for one in guests[1:]])
        statuses = Counter(one.result().status_code for one in made)
    yield "an entry behind a hundred hashes", behind < LONGEST_ENTRY, f"{alone:.2f} s alone, {behind:.2f} s behind"
    yield "the hundred", set(statuses) <= {201, 429}, str(dict(statuses))
    guessed = [guest.once("POST", f"/rooms/{maker.room(isPrivate=True, password='q')}/join", json={"password": "no"})]
    yield "a wrong password", guessed[0].status_code == 403, str(guessed[0].status_code)


def connections(target: Target, student: Person, _tutor: Person) -> Iterator[Case]:
    """Bodies that never come, bodies without end, and handshakes with tickets that are tried out."""
    head = b"POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    begun = time.monotonic()
    first, seconds = slowly(target, head + b"Content-Length: 200000\r\n\r\n{")
    yield (
        "a byte every five seconds",
        first in (b"408", b"400", b""),
        f"{first.decode() or 'closed'} after {seconds:.0f} s",
    )
    first, seconds = slowly(target, b"POST /api/auth/login HTTP/1.1\r\nHost: ")
    yield "a head that never ends", seconds < SLOW_SECONDS, f"{first.decode() or 'closed'} after {seconds:.0f} s"
    chunk = b"10000\r\n" + b"a" * 0x10000 + b"\r\n"
    status = _sent(target, head + b"Transfer-Encoding: chunked\r\n\r\n" + chunk * 40 + b"0\r\n\r\n")
    yield "2.5 MiB in chunks", status == b"413", status.decode()
    with ThreadPoolExecutor(32) as pool:
        statuses = Counter(pool.map(lambda _: _ticket(target), range(1000)))
    yield "tickets tried out", statuses[429] > 0 and set(statuses) <= {401, 429}, str(dict(statuses))
    time.sleep(max(0.0, 11 - (time.monotonic() - begun) % 11))
    mine = student.once("GET", "/api/me").status_code
    yield "its owner's requests go on", mine == 200, str(mine)


def rates(target: Target, _student: Person, _tutor: Person) -> Iterator[Case]:
    """Requests, rooms, questions to tutors and codes without end."""
    person, tutor = target.person(), target.person("tutor")
    with ThreadPoolExecutor(16) as pool:
        seen = Counter(pool.map(lambda _: person.once("GET", "/api/me").status_code, range(400)))
    yield "four hundred requests at once", seen[429] > 0, str(dict(seen))
    time.sleep(2.5)
    asked = Counter[int]()
    for _ in range(8):
        answer = person.once("POST", f"/api/tutors/{tutor.email}/request", json={"message": "again"})
        asked[answer.status_code] += 1
        if answer.status_code == 201:
            tutor.call("POST", f"/api/tutors/requests/{answer.json()['requestId']}/reject")
    # What was refused does not count against the day; what is pending at once does.
    yield "a tutor is asked again and again", asked[429] > 0 or asked[201] == 8, str(dict(asked))
    wrong = {"email": target.person().email, "code": "000000", "newPassword": "An0ther!one"}
    codes = [target.http.post("/api/auth/reset", json=wrong).status_code for _ in range(14)]
    yield "codes guessed", codes[-1] == 429, str(dict(Counter(codes)))
    yield "a list full of one person's rooms", *_listed_of_one(person, tutor)


def _listed_of_one(maker: Person, reader: Person) -> tuple[bool, str]:
    """Make 45 rooms, and have another make 20: of the forty that lists show first, at most twenty are the one's."""
    for _ in range(45):
        maker.room(name="All mine")
    for _ in range(20):
        reader.room(name="Another's")
    first = reader.call("GET", "/rooms", params={"limit": 20}).json()["data"]
    after = {"limit": 20, "cursor": first["nextCursor"]}
    page = [*first["rooms"], *reader.call("GET", "/rooms", params=after).json()["data"]["rooms"]]
    mine = sum(one["name"] == "All mine" for one in page)
    return mine <= 20, f"{mine} of the first {len(page)}, having made 45"


def long_text(who: Person, number: int) -> httpx.Response:
    """Ask for three thousand characters to be spoken; a refusal is an answer, too."""
    text = f"Sentence {uuid4().hex} {number}. " * 90
    return who.once("POST", "/api/tts", json={"text": text[:3000]})


def spoken_after(who: Person) -> float:
    """Return after how many seconds a short text was spoken that nobody has asked for before."""
    begun = time.monotonic()
    job = who.call("POST", "/api/tts", json={"text": f"Hello {uuid4().hex[:8]}"}).raise_for_status().json()["jobId"]
    _ended(who, job)
    return time.monotonic() - begun


def _ended(who: Person, job: str, patience: float = 240.0) -> str:
    until = time.monotonic() + patience
    status = ""
    while time.monotonic() < until and status not in _ENDED:
        status = str(who.call("GET", f"/api/jobs/{job}").json()["status"])
        time.sleep(0.1)
    return status


def entry(person: Person, room: str) -> float:
    """Return the seconds that entering a private room took."""
    begun = time.monotonic()
    person.once("POST", f"/rooms/{room}/join", json={"password": "open sesame"})
    return time.monotonic() - begun


def slowly(target: Target, beginning: bytes) -> tuple[bytes, float]:
    """Send a byte every five seconds until there is an answer or an end; return its status and the seconds."""
    at = urlsplit(str(target.http.base_url))
    begun = time.monotonic()
    with socket.create_connection((at.hostname, at.port), 10) as held:
        held.sendall(beginning)
        held.settimeout(5)
        while time.monotonic() - begun < SLOW_SECONDS:
            try:
                return held.recv(100)[9:12], time.monotonic() - begun
            except TimeoutError:
                held.sendall(b"a")
            except OSError:
                return b"", time.monotonic() - begun
    return b"none", time.monotonic() - begun


def _sent(target: Target, request: bytes) -> bytes:
    at = urlsplit(str(target.http.base_url))
    with socket.create_connection((at.hostname, at.port), 10) as held:
        held.sendall(request)
        return held.recv(100)[9:12]


def _ticket(target: Target) -> int:
    return target.http.get("/ws", params={"roomToken": str(uuid4())}, headers=HANDSHAKE).status_code
