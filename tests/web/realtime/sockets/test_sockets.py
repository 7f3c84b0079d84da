"""The parts that need no gunicorn: declaring, refusing, and the limits of the process."""

import io
import logging
import resource
import socket
import ssl
from collections.abc import Iterator

import pytest
from flask import Blueprint, Flask

from web.realtime.sockets.descriptors import raise_descriptor_limit
from web.realtime.sockets.handshake import UpgradeRequired, early_bytes
from web.realtime.sockets.lifecycle import Lifecycle, sockets_of
from web.realtime.sockets.limits import Limits
from web.realtime.sockets.port import Accepted, Connection, Frame, Receiver
from web.realtime.sockets.sockets import Sockets

UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


class Echo:
    def opened(self, connection: Connection) -> None:
        self.connection = connection

    def received(self, message: bytes, is_text: bool) -> None:
        self.connection.send(Frame.text(message))

    def closed(self, code: int) -> None:
        return


@pytest.fixture
def app() -> Flask:
    return Flask(__name__)


def declare(sockets: Sockets, bp: Blueprint | None = None) -> None:
    @sockets.route("/ws", bp=bp)
    def view() -> Receiver:
        return Echo()


def test_an_application_knows_its_sockets(app: Flask) -> None:
    sockets = Sockets(app)
    assert sockets_of(app) is sockets


def test_says_when_an_application_has_no_sockets(app: Flask) -> None:
    with pytest.raises(LookupError):
        sockets_of(app)


def test_refuses_while_draining_before_the_view_is_asked(app: Flask) -> None:
    sockets = Sockets(app)
    sockets.drain(0.0)
    assert sockets.draining

    @sockets.route("/ws")
    def view() -> Receiver:
        raise AssertionError("the view must not be asked")

    answer = app.test_client().get("/ws", headers=UPGRADE)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")


def test_routes_may_be_declared_before_the_application_is_known(app: Flask) -> None:
    sockets = Sockets()
    declare(sockets)
    sockets.init_app(app)
    assert [rule.websocket for rule in app.url_map.iter_rules("__flask_sock.view")] == [True]


def test_the_refusal_of_a_plain_request_carries_its_headers() -> None:
    headers = dict(UpgradeRequired().get_headers())
    assert (headers["Upgrade"], headers["Sec-WebSocket-Version"]) == ("websocket", "13")


def test_limits_that_make_no_sense_are_refused() -> None:
    with pytest.raises(ValueError, match="max_message"):
        Limits(max_message=124)


def test_refuses_tls_since_it_would_write_beneath_it(app: Flask) -> None:
    sockets = Sockets(app)
    context = ssl.create_default_context()
    theirs = context.wrap_socket(socket.socket(), server_hostname="x", do_handshake_on_connect=False)
    with theirs, pytest.raises(RuntimeError, match="TLS"):
        sockets.serve({"gunicorn.socket": theirs}, Accepted(Echo()))


def test_says_when_gunicorn_is_not_what_it_was() -> None:
    with pytest.raises(RuntimeError, match="pinned"):
        early_bytes({"wsgi.input": io.BytesIO()})


class Settings:
    """What the lifecycle looks at in gunicorn's configuration."""

    graceful_timeout = 5
    is_ssl = False


class Worker:
    """A gunicorn worker as far as its hooks see it."""

    def __init__(self, app: Flask, cfg: Settings) -> None:
        self.wsgi = app
        self.cfg = cfg
        self.alive = True


def test_a_worker_that_stops_is_drained_and_waited_for(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    sockets = Sockets(app, Limits(max_connections=1))
    worker = Worker(app, Settings())
    lifecycle = Lifecycle(drain_seconds=4.0, heartbeat_seconds=60.0)
    lifecycle.worker_exit(None, worker)  # a worker that never came up has nothing to wait for
    lifecycle.post_worker_init(worker)
    assert not sockets.draining
    worker.alive = False
    lifecycle.worker_exit(None, worker)
    assert sockets.draining
    assert "graceful_timeout" in caplog.text


def test_a_worker_with_tls_does_not_start(app: Flask) -> None:
    Sockets(app)
    settings = Settings()
    settings.is_ssl = True
    with pytest.raises(RuntimeError, match="TLS"):
        Lifecycle().post_worker_init(Worker(app, settings))


@pytest.fixture
def descriptors() -> Iterator[tuple[int, int]]:
    """The limits of open files, restored afterwards."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    yield soft, hard
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_raises_the_soft_limit_of_descriptors(descriptors: tuple[int, int]) -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (512, descriptors[1]))
    assert raise_descriptor_limit(10) == descriptors[1]
    assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == descriptors[1]


def test_warns_when_sockets_do_not_fit(descriptors: tuple[int, int], caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        raise_descriptor_limit(descriptors[1] + 1)
    assert "too low" in caplog.text
