"""Where a call comes from: what tells one device of a person from another."""

import re

from flask import Response, request

from shared.domains.accounts.models import Origin
from web.cookies import cookie_path, is_web_client, kept_cookie, named_cookie

DEVICE_COOKIE = "device"
DEVICE_HEADER = "X-Device-Id"
KEPT_SECONDS = 400 * 24 * 3600
"""The longest that browsers keep a cookie."""
_DEVICE = re.compile(r"[A-Za-z0-9_-]{16,64}")


def origin(fresh: str = "") -> Origin:
    """Return where this request comes from; programs name their device by a header, browsers by a cookie.

    `fresh` names a browser of our own pages that keeps no name yet.
    """
    device = kept_cookie(DEVICE_COOKIE) or request.headers.get(DEVICE_HEADER) or (fresh if is_web_client() else "")
    return Origin(
        address=request.remote_addr or "",
        device=device if _DEVICE.fullmatch(device) else None,
        agent=request.headers.get("User-Agent", "")[:500],
    )


def keep_device(response: Response, fresh: str) -> Response:
    """Let our own pages' browser keep a name for the device, where it has none."""
    if is_web_client() and not _DEVICE.fullmatch(kept_cookie(DEVICE_COOKIE)):
        response.set_cookie(
            named_cookie(DEVICE_COOKIE),
            fresh,
            max_age=KEPT_SECONDS,
            path=cookie_path(),
            secure=request.is_secure,
            httponly=True,
            samesite="Strict",
        )
    return response
