"""The Flask application: its hooks in their order, its blueprints, its socket."""

from collections.abc import Iterable
from types import ModuleType
from typing import Any

from flask_openapi.blueprint import APIBlueprint
from flask_openapi.models.info import Info
from flask_openapi.openapi import OpenAPI
from werkzeug.middleware.proxy_fix import ProxyFix

from shared.kernel.packages import modules_of
from shared.kernel.settings import Settings
from shared.wiring import GatewayContext
from web import api
from web.addresses import install_addresses
from web.api import pages
from web.auth import SOCKET, SOCKET_WITHOUT_UPGRADE, Authenticator, install_authentication
from web.bodies import install_body_limits
from web.context import install
from web.correlation import install_correlation
from web.errors import install_errors
from web.idempotency import install_idempotency
from web.realtime.endpoint import Endpoint
from web.realtime.process import EXTENSION, Process
from web.realtime.rechecks import Rechecks
from web.realtime.rounds import Rounds
from web.realtime.sockets.handshake import upgrade_required
from web.realtime.sockets.limits import Limits
from web.realtime.sockets.sockets import Sockets
from web.realtime.telling import Telling
from web.security import install_security
from web.throttling import install_throttling
from web.validation import install_validation

LARGEST_FRAME = 1024 * 1024
BEARER = {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}


def create_app(context: GatewayContext) -> OpenAPI:
    """Return the application over the given ports; the socket's side is built and not started."""
    app = OpenAPI(
        "web",
        info=Info(title="SpeakTracker", version="1"),
        security_schemes={"bearer": BEARER},
        validation_error_status=400,
        doc_ui=False,
        template_folder="pages",
        static_folder=None,
    )
    app.url_map.strict_slashes = False
    _believe_proxies(app, context.settings)
    install(app, context)
    _install_hooks(app, context)
    _register(app, modules_of(api))
    install_validation(app)
    install_addresses(app)
    pages.install_static_files(app)
    return app


def _believe_proxies(app: OpenAPI, settings: Settings) -> None:
    """Believe what the proxies in front say, counted from the nearest; where they do not say it, a client could.

    So host and prefix, which many proxies pass on as they came, are not read where PUBLIC_URL tells them.
    """
    proxies = settings.trusted_proxies
    if proxies:
        named = 0 if settings.public_url else proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=named, x_port=named, x_prefix=named
        )


def _register(app: OpenAPI, modules: Iterable[ModuleType]) -> None:
    """Register every module's `blueprint`: those with documented routes, and plain ones."""
    for module in modules:
        blueprint = getattr(module, "blueprint", None)
        if isinstance(blueprint, APIBlueprint):
            app.register_api(blueprint)
        elif blueprint is not None:
            app.register_blueprint(blueprint)


def _install_hooks(app: OpenAPI, context: GatewayContext) -> None:
    """Install what surrounds every request; before it in this order, after it in the opposite one."""
    authenticator = Authenticator(context)
    install_errors(app)
    install_correlation(app)
    install_security(app, context.settings)
    install_body_limits(app)
    install_authentication(app, authenticator)
    install_throttling(app)
    install_idempotency(app)
    _install_socket(app, context, authenticator)


def _install_socket(app: OpenAPI, context: GatewayContext, authenticator: Authenticator) -> None:
    settings = context.settings
    process = Process(context)
    app.extensions[EXTENSION] = process
    process.accompany(Telling(process))
    process.accompany(Rounds(process))
    process.accompany(Rechecks(process, authenticator.check))
    endpoint = Endpoint(process, authenticator)
    limits = Limits(max_connections=settings.max_connections, max_message=LARGEST_FRAME)
    sockets = Sockets(app, limits)

    def gateway_socket() -> Any:
        return endpoint()

    sockets.route("/ws", endpoint=SOCKET)(gateway_socket)
    app.add_url_rule("/ws", SOCKET_WITHOUT_UPGRADE, upgrade_required, websocket=False)
