"""The ASGI application: guard, stand-ins, ministack, and nothing answered before it is durable."""

import asyncio
import logging
import sqlite3
from collections.abc import Mapping

from ministack import app as gateway

from embedded.aws import guard
from embedded.aws.journal import Journal
from embedded.aws.queues import QueueJournal
from embedded.aws.services import SocketStandIn, StandIn
from embedded.aws.snapshots import Snapshots
from embedded.aws.wire import Answer, Message, Receive, Request, Scope, Send, query_action, read_body, read_head, replay

_log = logging.getLogger(__name__)

_READS = ("Get", "List", "Describe", "BatchGet", "Head", "Query", "Scan", "TransactGet", "Search")
# They deliver and change no definition; what they deliver into queues is journalled as messages.
_DELIVERIES = frozenset({"Publish", "PublishBatch", "PutEvents"})
# They grow with every call, so saving them each time would cost more and more.
_OBSERVATIONS = frozenset({"PutMetricData", "PutLogEvents", "SendEmail", "SendRawEmail", "SendTemplatedEmail"})
# Services with hooks of their own, which record exactly what changed.
_HOOKED = frozenset({"sqs", "cognito-idp"})
# Services that go on working, and being paid, for as long as somebody listens.
_PAID_BY_TIME = frozenset({"bedrock"})
_ITEM_ACTIONS = frozenset(
    {
        "BatchExecuteStatement",
        "BatchWriteItem",
        "DeleteItem",
        "ExecuteStatement",
        "ExecuteTransaction",
        "PutItem",
        "TransactWriteItems",
        "UpdateItem",
    }
)


class Application:
    """Answers every request to the endpoint."""

    def __init__(
        self,
        journal: Journal,
        snapshots: Snapshots,
        queues: QueueJournal,
        stand_ins: Mapping[str, StandIn],
        sockets: Mapping[str, SocketStandIn],
    ) -> None:
        self._journal = journal
        self._snapshots = snapshots
        self._queues = queues
        self._stand_ins = stand_ins
        self._sockets = sockets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI connection."""
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["type"] == "http":
            await self._serve(scope, receive, send)
        else:
            await self._talk({**scope, "method": "GET"}, receive, send)

    async def _talk(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a WebSocket; pages have none here, and nothing is served that no stand-in knows."""
        head = read_head(scope)
        if scope["path"] in self._sockets and "origin" not in head.headers and guard.refusal(head) is None:
            await self._sockets[scope["path"]](scope, receive, send)
            return
        await receive()
        await send({"type": "websocket.close", "code": 1008})

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = read_head(scope)
        answer = guard.preflight(request) or guard.refusal(request)
        if answer is not None:
            await answer.send(send)
            return
        body = await read_body(receive)
        if request.service in self._stand_ins:
            standing_in = asyncio.create_task(self._stand_in(request, body, send))
            await _until_hung_up(standing_in, receive) if request.service in _PAID_BY_TIME else await standing_in
            return
        durably = self._durable_send(request, body, send)
        emulation = asyncio.create_task(gateway.app(scope, replay(body, receive), durably))
        await _until_hung_up(emulation, receive) if request.action == "ReceiveMessage" else await emulation

    async def _stand_in(self, request: Request, body: bytes, send: Send) -> None:
        answer = await self._stand_ins[request.service](request, body)
        await answer.send(send)

    def _durable_send(self, request: Request, body: bytes, send: Send) -> Send:
        """Return a `send` that makes the request's changes durable before the first byte of its answer."""
        refused = False

        async def send_durably(message: Message) -> None:
            nonlocal refused
            if message["type"] == "http.response.start":
                message["headers"] = _with_cors(request, message["headers"])
                try:
                    await self._settle(request, body)
                except sqlite3.Error:
                    _log.exception("The journal could not be written; the change is not acknowledged.")
                    refused = True
                    await Answer(500, b'{"__type":"InternalFailure","message":"The disk refused."}').send(send)
            if not refused:
                await send(message)

        return send_durably

    async def _settle(self, request: Request, body: bytes) -> None:
        if request.service not in _HOOKED:
            self._note_changes(request, request.action or query_action(body))
        self._snapshots.record()
        await self._journal.durable()

    def _note_changes(self, request: Request, action: str) -> None:
        if request.method in ("GET", "HEAD") or (request.service == "dynamodb" and action in _ITEM_ACTIONS):
            return
        if request.service == "s3":
            if "/" not in request.path.strip("/") and "delete" not in request.query:
                self._snapshots.changed("s3")
        elif action in _OBSERVATIONS:
            self._snapshots.observed(request.service)
        elif not action.startswith(_READS) and action not in _DELIVERIES:
            self._snapshots.changed(request.service)
        # SNS, S3 notifications and events append to queues without passing SQS's own actions.
        self._queues.arrived_anywhere()


async def _until_hung_up(emulation: asyncio.Task[None], receive: Receive) -> None:
    """Await an answer, or give it up when the client goes: a message must not be handed to nobody.

    Raises what the emulation raised.
    """

    async def disconnected() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    hangup = asyncio.create_task(disconnected())
    await asyncio.wait((emulation, hangup), return_when=asyncio.FIRST_COMPLETED)
    hangup.cancel()
    if not emulation.done():
        emulation.cancel()
    await asyncio.gather(emulation, hangup, return_exceptions=True)
    if not emulation.cancelled():
        emulation.result()


async def _live(receive: Receive, send: Send) -> None:
    """Answer ASGI's start and stop; ministack's own would start schedulers and look for containers."""
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            gateway._MAIN_LOOP = asyncio.get_running_loop()
            await send({"type": "lifespan.startup.complete"})
        else:
            await send({"type": "lifespan.shutdown.complete"})
            return


def _with_cors(request: Request, headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Return the headers with the bucket's CORS answer in place of ministack's permission for every page.

    No browser guesses a type here; S3 itself does not say that, but what stands in front of a bucket may.
    """
    kept = [(name, value) for name, value in headers if not name.lower().startswith(b"access-control-")]
    kept.append((b"x-content-type-options", b"nosniff"))
    allowed = guard.cors_headers(request) if "origin" in request.headers else {}
    return kept + [(name.lower().encode(), value.encode()) for name, value in allowed.items()]
