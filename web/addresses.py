"""An address belongs to the rule that names most of it: with a method that this one lacks it is 405, as documented.

Without this, `PATCH /api/notebook/export` would be taken for the entry of that name.
"""

import re

from flask import Flask, Response, request
from werkzeug.exceptions import MethodNotAllowed
from werkzeug.routing import Map

Narrower = dict[str, dict[re.Pattern[str], set[str]]]
_PART = re.compile(r"<(?:(\w+):)?\w+>")


def install_addresses(app: Flask) -> None:
    """Refuse what a wider rule would take; call it when all rules are registered."""
    narrower = narrower_rules(app.url_map)
    every = {pattern: methods for found in narrower.values() for pattern, methods in found.items()}

    def before() -> None:
        rule = request.url_rule
        for pattern, methods in narrower.get(rule.rule, {}).items() if rule is not None else ():
            if pattern.fullmatch(request.path):
                raise MethodNotAllowed(sorted(methods))

    def after(response: Response) -> Response:
        for pattern, methods in every.items() if "Allow" in response.headers else ():
            if pattern.fullmatch(request.path):
                response.headers["Allow"] = ", ".join(sorted(methods))
        return response

    app.before_request(before)
    app.after_request(after)


def narrower_rules(rules: Map) -> Narrower:
    """Return, by rule, the patterns of those whose addresses it would take too, with their methods."""
    every = [rule for rule in rules.iter_rules() if rule.methods]
    found: Narrower = {}
    for wide in every:
        takes = _pattern(wide.rule)
        for narrow in every:
            if wide.arguments and narrow.rule != wide.rule and takes.fullmatch(_PART.sub("x", narrow.rule)):
                own = found.setdefault(wide.rule, {}).setdefault(_pattern(narrow.rule), set())
                own |= narrow.methods or set()
    return found


def _pattern(rule: str) -> re.Pattern[str]:
    """Return what matches the rule's addresses: a part ends at a slash, unless it is a path."""
    literal = [re.escape(one) for one in _PART.split(rule)[::2]]
    kinds = [".+" if kind == "path" else "[^/]+" for kind in _PART.findall(rule)]
    return re.compile("".join(a + b for a, b in zip(literal, [*kinds, ""], strict=True)))
