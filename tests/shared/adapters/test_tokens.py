"""Access tokens: every forgery is refused, and the keys are fetched rarely."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm
from structlog.testing import capture_logs

from shared.adapters.aws import tokens
from shared.adapters.aws.tokens import TokenVerifier
from shared.domains.accounts.errors import SignInEnded
from shared.kernel.errors import Unavailable

ISSUER, CLIENT = "https://issuer.example/pool", "the-client"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
STRANGER = rsa.generate_private_key(public_exponent=65537, key_size=2048)


class KeyServer:
    """Serves a JWKS document and counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.status = 200
        self.keys = {"first": KEY}
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked += 1
                self.send_response(outer.status)
                self.end_headers()
                self.wfile.write(orjson.dumps({"keys": outer.documents()}))

            def log_message(self, *_arguments: Any) -> None:
                """Keep quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/jwks.json"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def documents(self) -> list[dict[str, Any]]:
        made = [(name, RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)) for name, key in self.keys.items()]
        return [{**document, "kid": name, "use": "sig", "alg": "RS256"} for name, document in made]


@pytest.fixture
def server() -> Iterator[KeyServer]:
    server = KeyServer()
    yield server
    server.server.shutdown()
    server.server.server_close()


@pytest.fixture
def verifier(server: KeyServer) -> TokenVerifier:
    return TokenVerifier(server.address, ISSUER, CLIENT)


def token(key: Any = KEY, kid: str = "first", algorithm: str = "RS256", **claims: Any) -> str:
    said = {
        "sub": "user-1",
        "iss": ISSUER,
        "client_id": CLIENT,
        "token_use": "access",
        "origin_jti": "sign-in",
        "jti": "one",
        "exp": int(time.time()) + 60,
        "groups": ["operators"],
    } | claims
    said["cognito:groups"] = said.pop("groups")
    kept = {name: value for name, value in said.items() if value is not None}
    return jwt.encode(kept, key, algorithm, headers={"kid": kid})


def test_a_good_token_says_who_and_by_which_sign_in(verifier: TokenVerifier) -> None:
    claims = verifier.verify(token())
    assert (claims.user_id, claims.session_id, claims.groups) == ("user-1", "sign-in", frozenset({"operators"}))
    assert verifier.verify(token(origin_jti=None)).session_id == "one"
    assert verifier.verify(token(groups=None)).groups == frozenset()


def test_a_refusal_is_logged_with_its_cause(verifier: TokenVerifier) -> None:
    cases = {
        "ExpiredSignatureError": token(exp=int(time.time()) - 60),
        "AnotherClient": token(client_id="another"),
        "NoAccessToken": token(token_use="id"),
        "UnknownKey": token(kid="second"),
    }
    for cause, refused in cases.items():
        with capture_logs() as logs, pytest.raises(SignInEnded):
            verifier.verify(refused)
        assert {"event": "token.refused", "cause": cause, "log_level": "info"} in logs


def test_it_is_ready_when_there_are_keys(verifier: TokenVerifier, server: KeyServer) -> None:
    verifier.check()
    server.keys.clear()
    verifier.check()  # those that it has are used on
    with pytest.raises(Unavailable):
        TokenVerifier("http://127.0.0.1:1/jwks.json", ISSUER, CLIENT).check()


def forgeries() -> dict[str, str]:
    good = token()
    head, body, signature = good.split(".")
    return {
        "another signer": token(key=STRANGER),
        "expired": token(exp=int(time.time()) - 60),
        "without an end": token(exp=None),
        "another issuer": token(iss="https://issuer.example/other"),
        "another client": token(client_id="another"),
        "without a client": token(client_id=None),
        "an id token": token(token_use="id", aud=CLIENT),
        "without a subject": token(sub=None),
        "no algorithm": token(key=None, algorithm="none"),
        "a symmetric algorithm": token(key="a secret that is long enough for this", algorithm="HS256"),
        "another body": ".".join((head, token(sub="user-2").split(".")[1], signature)),
        "no signature": f"{head}.{body}.",
        "not a token": "a.b.c",
        "nothing": "",
        "not even text of a token": "한글",
        "unknown key": token(kid="second"),
    }


@pytest.mark.parametrize("name", forgeries())
def test_a_forgery_is_refused(verifier: TokenVerifier, name: str) -> None:
    with pytest.raises(SignInEnded):
        verifier.verify(forgeries()[name])


def test_keys_are_fetched_once_and_a_flood_of_unknown_keys_fetches_nothing(
    server: KeyServer, verifier: TokenVerifier
) -> None:
    verifier.verify(token())
    for number in range(1000):
        with pytest.raises(SignInEnded):
            verifier.verify(token(key="x" * 40, algorithm="HS256", kid=f"unknown-{number}"))
    verifier.verify(token())
    assert server.asked == 1


def test_many_at_the_start_fetch_once_and_all_are_let_in(server: KeyServer, verifier: TokenVerifier) -> None:
    good = token()
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: verifier.verify(good).user_id, range(32)))
    assert found == ["user-1"] * 32
    assert server.asked == 1


def test_a_new_key_is_found_once_the_quiet_time_is_over(
    server: KeyServer, verifier: TokenVerifier, passing: Callable[[float], None]
) -> None:
    verifier.verify(token())
    server.keys = {"second": STRANGER}
    with pytest.raises(SignInEnded):
        verifier.verify(token(key=STRANGER, kid="second"))
    passing(tokens.QUIET_SECONDS + 1)
    assert verifier.verify(token(key=STRANGER, kid="second")).user_id == "user-1"


def test_old_keys_are_used_on_while_the_address_does_not_answer(
    server: KeyServer, verifier: TokenVerifier, passing: Callable[[float], None]
) -> None:
    verifier.verify(token())
    server.status = 500
    passing(tokens.FRESH_SECONDS + 1)
    assert verifier.verify(token()).user_id == "user-1"
    assert verifier.verify(token()).user_id == "user-1"
    assert server.asked == 2


def test_without_any_key_nobody_is_called_a_forger(
    server: KeyServer, verifier: TokenVerifier, passing: Callable[[float], None]
) -> None:
    server.status = 500
    for _ in range(3):
        with pytest.raises(Unavailable):
            verifier.verify(token())
    assert server.asked == 1
    server.status = 200
    passing(tokens.RETRY_SECONDS + 1)
    assert verifier.verify(token()).user_id == "user-1"


@pytest.fixture
def passing(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Lets time pass for the verifier."""
    real, passed = time.monotonic, [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: real() + passed[0])

    def let(seconds: float) -> None:
        passed[0] += seconds

    return let
