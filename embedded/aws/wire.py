"""One request as the endpoint sees it: service, action, and a body that can be read once."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from ministack.core.router import detect_service

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Scope = MutableMapping[str, Any]

# The credential scope of Signature Version 4: key/date/region/service/aws4_request.
_CREDENTIAL = re.compile(r"[^/]+/\d{8}/[^/]+/([^/]+)/aws4_request")
_QUERY_ACTION = re.compile(rb"(?:^|&)Action=(\w+)")


@dataclass(frozen=True)
class Request:
    """The head of a request."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    service: str
    """The name of the service as in the signature, such as "sqs" or "cognito-idp"; "s3" when nothing says otherwise."""
    action: str
    """The action of a JSON service; empty for services that name it in the path, the query or the body."""

    @property
    def signed(self) -> bool:
        """Whether the request carries credentials, in a header or in its address.

        Version 2 of presigning does not count: ministack serves such an address unread, expired or forged.
        """
        return "authorization" in self.headers or "X-Amz-Signature" in self.query


@dataclass(frozen=True)
class Answer:
    """A whole or streamed answer to a request."""

    status: int
    body: bytes | AsyncIterator[bytes] = b""
    headers: dict[str, str] = field(default_factory=dict)

    async def send(self, send: Send) -> None:
        """Send the answer through ASGI."""
        fields = dict(self.headers)
        if isinstance(self.body, bytes):
            fields["content-length"] = str(len(self.body))
        raw = [(name.lower().encode(), value.encode()) for name, value in fields.items()]
        await send({"type": "http.response.start", "status": self.status, "headers": raw})
        if isinstance(self.body, bytes):
            await send({"type": "http.response.body", "body": self.body})
            return
        async for chunk in self.body:
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


def read_head(scope: Scope) -> Request:
    """Return the head of a request, naming its service by signature first, then as ministack does."""
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    query = parse_qs(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
    credential = headers.get("authorization", "") or query.get("X-Amz-Credential", [""])[0]
    match = _CREDENTIAL.search(credential)
    action = headers.get("x-amz-target", "").rpartition(".")[2] or _rpc_operation(scope["path"])
    service = match.group(1) if match else detect_service(scope["method"], scope["path"], headers, query)
    return Request(scope["method"], scope["path"], query, headers, service, action)


def _rpc_operation(path: str) -> str:
    """Return the action of Smithy's RPC protocol, which CloudWatch speaks: /service/NAME/operation/ACTION."""
    parts = path.split("/")
    return parts[4] if len(parts) == 5 and parts[1] == "service" and parts[3] == "operation" else ""


async def read_body(receive: Receive) -> bytes:
    """Read the whole body; what a client that hung up did send is returned."""
    chunks: list[bytes] = []
    while True:
        message = await receive()
        chunks.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(chunks)


def replay(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that hands out a body that was already read, then goes on with the connection."""
    remaining: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_again() -> Message:
        return remaining.pop() if remaining else await receive()

    return receive_again


def query_action(body: bytes) -> str:
    """Return the action of a request in the older form-encoded protocol, or an empty string."""
    match = _QUERY_ACTION.search(body)
    return match.group(1).decode() if match else ""
