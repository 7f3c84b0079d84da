"""How many requests one person, or one address without a token, may make."""

import math

from flask import Flask, g, request

from web.context import gateway
from web.idempotency import request_scoped_id

WINDOW_SECONDS = 2
RECORDINGS_PER_MINUTE = 30
MEGABYTE = 1 << 20
DAY_SECONDS = 86_400
UNCOUNTED = frozenset({"health.healthz", "health.readyz", "pages.show_static_file"})


def install_throttling(app: Flask) -> None:
    """Count every request but the health checks and static files; it follows authentication, which knows the person."""
    app.before_request(_count)


def count_address() -> None:
    """Count a request that has no valid token, by its address.

    Raises:
        RateLimited: too many came from there.
    """
    _count_for(f"address:{request.remote_addr}")


def count_partner_request() -> str:
    """Count a request to the AI partner, over frames and REST together, and return the id of its job.

    The same Idempotency-Key names the same job, and is not counted again where that is recorded.

    Raises:
        RateLimited: ten in any minute are allowed.
    """
    context, user_id = gateway(), g.principal.user_id
    repeated = request_scoped_id()
    if repeated is None or context.job_records.get(repeated) is None:
        context.turn_rate.check(user_id)
    return repeated or context.ids.new()


def count_recording(user_id: str) -> None:
    """Bound how many recordings one person may have heard in a minute.

    Raises:
        RateLimited: 30 in any minute are allowed.
    """
    gateway().limits.check("recording", user_id, allowed=RECORDINGS_PER_MINUTE, seconds=60)


def count_upload(user_id: str, size: int) -> None:
    """Count what one person is offered a place for against a day's quota, each file as whole megabytes.

    Raises:
        RateLimited: the quota of the last 24 hours is spent.
    """
    context = gateway()
    allowed, cost = context.settings.upload_megabytes_per_day, math.ceil(size / MEGABYTE)
    context.limits.check("uploads", user_id, allowed=allowed, seconds=DAY_SECONDS, cost=cost)


def _count() -> None:
    if request.endpoint in UNCOUNTED or request.method == "OPTIONS" or _is_handshake():
        return
    principal = g.get("principal")
    if principal is None:
        count_address()
    else:
        _count_for(principal.user_id)


def _is_handshake() -> bool:
    """Tell whether this opens a WebSocket: a whole school behind one address reconnects after a deploy."""
    return request.url_rule is not None and bool(request.url_rule.websocket)


def _count_for(who: str) -> None:
    context = gateway()
    context.limits.check("rest", who, allowed=context.settings.requests_per_two_seconds, seconds=WINDOW_SECONDS)
