"""Keeping the developer's browser out: any web page can send requests to loopback, so most of them are refused."""

from ministack import app as gateway
from ministack.services import s3

from embedded.aws.wire import Answer, Request

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
# What a browser says of requests that a page of another site causes, with or without an Origin (Fetch Metadata, W3C).
_OWN_PAGES = frozenset({"same-origin", "none"})
# ministack's own pages can read every queue and wipe every service, without credentials.
_PUBLIC_PAGES = frozenset({"/_ministack/health", "/_ministack/ready"})


def refusal(request: Request) -> Answer | None:
    """Return why a request is not let through, or None.

    A foreign Host header is a name rebound to loopback; an Origin is a page, which may only reach a bucket whose
    CORS rules allow it. What another site's page causes without an Origin (an image, a form) says so in
    Sec-Fetch-Site, and gets nothing but objects whose address was signed. An object without a signature is private,
    as in the buckets that production has.
    """
    if not _is_loopback(request.headers.get("host", "")):
        return _denied(request, "This endpoint answers to loopback names only.")
    if request.path.startswith(("/_ministack/", "/_localstack/")) and request.path not in _PUBLIC_PAGES:
        return _denied(request, "The emulator's own pages are closed.")
    if not _bucket(request) and request.headers.get("sec-fetch-site", "none") not in _OWN_PAGES:
        return _denied(request, "Pages of other sites may not ask here.")
    if "origin" in request.headers and not cors_headers(request):
        return _denied(request, "CORS does not allow this origin here.")
    if _bucket(request) and not request.signed and request.method != "POST":
        return _denied(request, "Access Denied")
    return None


def preflight(request: Request) -> Answer | None:
    """Return the answer to a browser's preflight, by the bucket's rules, or None for any other request."""
    if request.method != "OPTIONS":
        return None
    bucket = _bucket(request)
    if bucket is None:
        return _denied(request, "CORS is for buckets only.")
    status, headers, body = s3.cors_preflight(*bucket, request.headers)
    return Answer(status, body, {name: value for name, value in headers.items() if name.lower() != "content-length"})


def cors_headers(request: Request) -> dict[str, str]:
    """Return the Access-Control headers that the bucket's rules give the request's origin, or none."""
    bucket = _bucket(request)
    if bucket is None:
        return {}
    headers: dict[str, str] = s3.cors_response_headers(bucket[0], request.method, request.headers)
    return headers


def _bucket(request: Request) -> tuple[str, str] | None:
    if request.service != "s3":
        return None
    target: tuple[str, str] | None = gateway._s3_cors_target(request.headers.get("host", ""), request.path)
    return target


def _is_loopback(host: str) -> bool:
    name = host if host.endswith("]") else host.rpartition(":")[0] or host
    return name in _LOOPBACK or name.endswith(".localhost")


def _denied(request: Request, message: str) -> Answer:
    if request.service == "s3":
        body = f"<Error><Code>AccessDenied</Code><Message>{message}</Message></Error>"
        return Answer(403, body.encode(), {"content-type": "application/xml"})
    body = f'{{"__type":"AccessDeniedException","message":"{message}"}}'
    return Answer(403, body.encode(), {"content-type": "application/x-amz-json-1.0"})
