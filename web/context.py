"""The running application's ports, typed."""

from typing import cast

from flask import Flask, current_app, g, request

from shared.kernel.errors import Text
from shared.wiring import GatewayContext

EXTENSION = "speaktracker"
LANGUAGES = ("en", "ko")


def install(app: Flask, context: GatewayContext) -> None:
    """Give an application its ports."""
    app.extensions[EXTENSION] = context


def gateway() -> GatewayContext:
    """Return the ports of the running application."""
    return cast(GatewayContext, current_app.extensions[EXTENSION])


def request_id() -> str:
    """Return the correlation id of the request."""
    return str(g.request_id)


def language() -> str:
    """Return the language to answer in: the account's, else the browser's, else English."""
    principal = g.get("principal")
    if principal is not None:
        return str(principal.language)
    return browser_language()


def browser_language() -> str:
    """Return the language that the client's Accept-Language asks for, else English."""
    return request.accept_languages.best_match(LANGUAGES, "en") or "en"


def say(text: Text) -> str:
    """Return a sentence in the language to answer in."""
    return text.localized(language())
