"""The bodies of requests: how long one may be, and JSON read strictly."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import orjson
from flask import Flask, current_app, g, request

from shared.kernel.errors import Invalid, UnsupportedMediaType
from web.inputs import INPUT, BoundedInputs

LARGEST_BODY = 256 * 1024
DEEPEST_BODY = 32
_LIMIT = "largest_body"
_STREAMED = "streamed_body"

View = TypeVar("View", bound=Callable[..., Any])


def takes_bodies_of(largest: int) -> Callable[[View], View]:
    """Let a view take a body of so many bytes; stands below the route's decorator."""

    def mark(view: View) -> View:
        setattr(view, _LIMIT, largest)
        return view

    return mark


def reads_its_body(view: View) -> View:
    """Let a view read its body by itself, as it comes; stands below the route's decorator."""
    setattr(view, _STREAMED, True)
    return view


def is_read_by_its_view() -> bool:
    """Tell whether the request's view reads the body by itself."""
    return request.endpoint is not None and getattr(current_app.view_functions[request.endpoint], _STREAMED, False)


def install_body_limits(app: Flask) -> None:
    """Refuse a longer body than the view takes with 413, whether it says its length before or not."""
    app.wsgi_app = BoundedInputs(app.wsgi_app, LARGEST_BODY)  # type: ignore[method-assign]
    app.before_request(_limit)


def json_fields() -> dict[str, Any]:
    """Return the fields of a JSON body, parsed once a request; empty where there is no body.

    Raises:
        UnsupportedMediaType: there is a body of another type.
        Invalid: it is not JSON, or not an object.
    """
    if "json_fields" not in g:
        g.json_fields = _read_fields()
    return cast(dict[str, Any], g.json_fields)


def _read_fields() -> dict[str, Any]:
    body = request.get_data(cache=False)
    if not body:
        return {}
    if not request.is_json:
        raise UnsupportedMediaType("The body must be JSON.", "본문은 JSON이어야 합니다.")
    try:
        fields = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Invalid("The body is not valid JSON.", "본문이 올바른 JSON이 아닙니다.") from None
    if not isinstance(fields, dict):
        raise Invalid("The body must be a JSON object.", "본문은 JSON 객체여야 합니다.")
    if _is_deeper(fields, DEEPEST_BODY):
        raise Invalid("The body is nested too deeply.", "본문이 너무 깊게 중첩되어 있습니다.")
    return fields


def _is_deeper(value: Any, most: int) -> bool:
    """Tell whether objects and lists lie deeper in each other than so; level by level, not by recursion."""
    level = [value]
    for _ in range(most):
        level = [inner for one in level for inner in _inside(one)]
        if not level:
            return False
    return True


def _inside(value: Any) -> list[Any]:
    found = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [one for one in found if isinstance(one, dict | list)]


def _limit() -> None:
    if request.endpoint is None:
        return
    view = current_app.view_functions[request.endpoint]
    largest = getattr(view, _LIMIT, LARGEST_BODY)
    request.environ[INPUT].largest = largest
    if request.content_length is not None:  # then it is refused unread; a body in chunks is counted as it comes
        request.max_content_length = largest
