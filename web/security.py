"""Headers that browsers keep us safe by, CORS, and HTTPS behind a proxy."""

from flask import Flask, Response, request
from werkzeug.sansio.utils import host_is_trusted
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as WerkzeugResponse

from shared.kernel.errors import Forbidden, Invalid
from shared.kernel.settings import Settings
from web.origins import secure_address

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(self)",
    "Cache-Control": "no-store",
}
ASSETS = frozenset({"text/javascript", "text/css", "image/png", "audio/mpeg"})
"""Files of the web client that no browser opens as a document: the policies of documents mean nothing to them."""
ASSET_HEADERS = {name: HEADERS[name] for name in ("X-Content-Type-Options", "Cache-Control")}
METHODS = "GET, POST, PATCH, DELETE, OPTIONS"
REQUEST_HEADERS = (
    "Authorization, Content-Type, Idempotency-Key, X-Request-Id, Accept-Language, Last-Event-ID, "
    "Cache-Control, X-Requested-With, traceparent, tracestate"
)
EXPOSED_HEADERS = "X-Request-Id, Retry-After, Idempotency-Replayed"
PREFLIGHT_SECONDS = 600
PROGRAMS = ("/api/", "/rooms", "/ws")
"""What programs call: one that asks by http has shown its token to the network, and is to notice."""
ANY_HOST = frozenset({"health.healthz", "health.readyz"})
"""Load balancers ask these by the address of a process."""


def install_security(app: Flask, settings: Settings) -> None:
    """Refuse foreign hosts, answer preflights before authentication, send http to https behind a proxy, set headers."""
    allowed = frozenset(settings.allowed_origins)
    headers = HEADERS | {"Content-Security-Policy": content_security_policy(settings)}

    def before() -> WerkzeugResponse | None:
        if (
            settings.hosts
            and request.endpoint not in ANY_HOST
            and not host_is_trusted(request.host.lower(), settings.hosts)
        ):
            raise Invalid("This host is not served here.", "이 호스트는 여기서 제공되지 않습니다.")
        if settings.trusted_proxies and request.scheme == "http" and "X-Forwarded-Proto" in request.headers:
            if request.path.startswith(PROGRAMS):
                raise Forbidden("Ask by https.", "https로 요청해 주세요.")
            return redirect(secure_address(settings), code=308)
        if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
            return Response(status=204)
        return None

    def after(response: Response) -> Response:
        is_asset = request.path.startswith("/static/") and response.mimetype in ASSETS
        for name, value in (ASSET_HEADERS if is_asset else headers).items():
            response.headers.setdefault(name, value)
        if request.is_secure:
            response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        _allow_origin(response, allowed)
        return response

    app.before_request(before)
    app.after_request(after)


def content_security_policy(settings: Settings) -> str:
    """Return the policy of every answer: our own files, and the bucket's addresses that we sign."""
    bucket = (
        settings.aws_endpoint_url or f"https://{settings.chat_bucket_name}.s3.{settings.aws_region_name}.amazonaws.com"
    )
    bucket = "/".join(bucket.split("/")[:3])
    sources = {
        "default-src": "'none'",
        "object-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "font-src": "'self'",
        "img-src": f"'self' data: blob: {bucket}",
        "media-src": f"'self' blob: {bucket}",
        "connect-src": f"'self' {bucket}",
        "worker-src": "'self'",
        "manifest-src": "'self'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "speaktracker",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {source}" for name, source in sources.items())


def _allow_origin(response: Response, allowed: frozenset[str]) -> None:
    response.headers.add("Vary", "Origin")
    origin = request.headers.get("Origin")
    if origin not in allowed:
        return
    response.headers["Access-Control-Allow-Origin"] = str(origin)
    response.headers["Access-Control-Expose-Headers"] = EXPOSED_HEADERS
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = METHODS
        response.headers["Access-Control-Allow-Headers"] = REQUEST_HEADERS
        response.headers["Access-Control-Max-Age"] = str(PREFLIGHT_SECONDS)
