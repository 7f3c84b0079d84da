"""What surrounds every request: repetition, correlation, browsers' headers, limits."""

import time
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import httpx

from tests.flows.cases import check_refusal
from tests.flows.people import People, Person
from tests.flows.platform import ORIGIN, Platform, wait_for

ROOM = {"name": "Once", "level": "beginner"}
ALLOWED_IN_TWO_SECONDS = 200


def once(person: Person, key: str, path: str = "/rooms", body: object = ROOM) -> httpx.Response:
    return person.ask("POST", path, json=body, headers={"Idempotency-Key": key})


def test_the_same_key_gets_the_first_answer(people: People) -> None:
    cho, dan = people.fresh(), people.fresh()
    key = str(uuid4())
    first = once(cho, key)
    again = once(cho, key, body=ROOM | {"name": "Twice"})
    other = once(dan, key)

    assert (again.status_code, again.json()) == (201, first.json())
    assert other.json()["data"]["createdBy"] == dan.user_id
    assert len(cho.get("/rooms?joined=true")["rooms"]) == 1
    assert once(cho, str(uuid4())).json()["data"]["roomId"] != first.json()["data"]["roomId"]


def test_the_same_key_by_another_sign_in_and_after_a_flush(people: People, platform: Platform) -> None:
    cho = people.fresh()
    first = once(cho, "1")
    platform.redis.flushall()

    assert once(cho.again(), "1").json() == first.json()


def test_the_same_key_many_times_at_once(people: People) -> None:
    cho = people.fresh()
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda _: once(cho, "at once"), range(12)))

    assert {one.status_code for one in answers} == {201}
    assert len({one.json()["data"]["roomId"] for one in answers}) == 1
    assert len(cho.get("/rooms?joined=true")["rooms"]) == 1


def test_a_refusal_is_kept_too(people: People) -> None:
    cho, dan = people.fresh(), people.fresh()
    room = cho.room(maxMembers=2)
    people.some(1)[0].post(f"/rooms/{room}/join")
    assert once(dan, "full", f"/rooms/{room}/join", {}).status_code == 409
    people.some(1)[0].post(f"/rooms/{room}/leave")

    assert once(dan, "full", f"/rooms/{room}/join", {}).status_code == 409
    assert once(dan, "later", f"/rooms/{room}/join", {}).status_code == 200


def test_without_a_token_a_key_is_ignored(platform_http: httpx.Client, ann: Person) -> None:
    asked = {"json": {"email": ann.email, "password": "Wrong-2024!"}, "headers": {"Idempotency-Key": "login"}}
    check_refusal(platform_http.post("/api/auth/login", **asked), 401)  # type: ignore[arg-type]
    asked["json"]["password"] = "Practice-2024!"
    assert platform_http.post("/api/auth/login", **asked).status_code == 200  # type: ignore[arg-type]


def test_the_request_id_is_given_back_and_logged(ann: Person, platform: Platform) -> None:
    given = f"flow-{uuid4()}"
    answer = ann.ask("GET", "/rooms/nowhere", headers={"X-Request-Id": given})
    assert answer.headers["X-Request-Id"] == answer.json()["requestId"] == given
    wait_for(lambda: [line for line in platform.log() if line.get("requestId") == given], "the request is logged")

    for ill_formed in ("x" * 129, "two words", 'quote"'):
        answer = ann.ask("GET", "/api/me", headers={"X-Request-Id": ill_formed})
        assert answer.headers["X-Request-Id"] not in ("", ill_formed)
    first, second = (ann.ask("GET", "/api/me").headers["X-Request-Id"] for _ in range(2))
    assert first != second


def test_a_frame_is_followed_to_the_worker(ann: Person, room: str, platform: Platform) -> None:
    with ann.enter(room) as channel:
        channel.ask("sendMessage", roomId=room, content="Followed", requestId=f"followed-{room}")
    assert wait_for(lambda: platform.stored(room), "the message is stored")


def test_logs_have_no_secrets(ann: Person, platform: Platform) -> None:
    written = (platform.directory / "log.jsonl").read_text("utf-8")

    assert ann.tokens["accessToken"].split(".")[2] not in written
    assert ann.tokens["refreshToken"] not in written
    assert "Practice-2024!" not in written


def test_preflight(platform_http: httpx.Client) -> None:
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}
    answer = platform_http.options("/rooms", headers=asked | {"Origin": ORIGIN})
    assert answer.status_code in (200, 204)
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    allowed = answer.headers["Access-Control-Allow-Headers"].lower()
    assert all(name in allowed for name in ("authorization", "content-type", "idempotency-key", "x-request-id"))
    assert "origin" in answer.headers["Vary"].lower()

    foreign = platform_http.options("/rooms", headers=asked | {"Origin": "https://evil.example.com"})
    assert "Access-Control-Allow-Origin" not in foreign.headers


def test_answers_to_other_origins(ann: Person) -> None:
    answer = ann.ask("GET", "/api/me", headers={"Origin": ORIGIN})
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "x-request-id" in answer.headers["Access-Control-Expose-Headers"].lower()
    refused = ann.ask("GET", "/rooms/nowhere", headers={"Origin": ORIGIN})
    assert refused.headers["Access-Control-Allow-Origin"] == ORIGIN  # else a browser could not read why
    assert "Access-Control-Allow-Origin" not in ann.ask("GET", "/api/me", headers={"Origin": "null"}).headers


def test_every_answer_has_the_headers_that_keep_browsers_safe(ann: Person) -> None:
    for path in ("/healthz", "/rooms", "/no/such/page", "/openapi.json", "/docs"):
        headers = ann.ask("GET", path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["Referrer-Policy"] == "no-referrer"


def test_options_and_head(platform_http: httpx.Client) -> None:
    answer = platform_http.options("/rooms")
    assert answer.status_code == 200
    assert {"GET", "POST"} <= {method.strip() for method in answer.headers["Allow"].split(",")}
    assert platform_http.head("/healthz").content == b""


def test_health(platform_http: httpx.Client) -> None:
    assert platform_http.get("/healthz").json()["success"] is True
    ready = platform_http.get("/readyz")
    assert ready.json()["checks"] == dict.fromkeys(["dynamodb", "redis", "loops", "sqs", "keys"], True)


def test_more_than_two_hundred_requests_in_two_seconds(people: People, platform: Platform) -> None:
    eager, calm = people.fresh(), people.fresh()

    def knock(deadline: float) -> list[httpx.Response]:
        answers: list[httpx.Response] = []
        while time.monotonic() < deadline and not (answers and answers[-1].status_code == 429):
            answers.append(eager.ask("GET", "/rooms?limit=0"))
        return answers

    with ThreadPoolExecutor(8) as pool:
        answers = [one for found in pool.map(knock, [time.monotonic() + 20] * 8) for one in found]
    refused = [one for one in answers if one.status_code == 429]
    assert len(answers) - len(refused) >= ALLOWED_IN_TWO_SECONDS
    assert refused, f"{len(answers)} requests in 20 s were too slow to meet the limit"
    check_refusal(refused[0], 429)
    assert 1 <= int(refused[0].headers["Retry-After"]) <= 2
    assert calm.ask("GET", "/api/me").status_code == 200
    wait_for(lambda: eager.ask("GET", "/api/me").status_code == 200, "the window passes", 3)
