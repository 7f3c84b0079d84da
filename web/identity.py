"""Fields that name the caller: accepted everywhere, needed nowhere, since the token says who is asking."""

from collections.abc import Callable
from typing import Any

from flask import g

from shared.kernel.errors import Forbidden

OWN = {"userId": "user_id", "createdBy": "user_id", "studentEmail": "email"}
"""Each field by its name on the wire, and the attribute of the Principal that it must equal."""


def without_own_identity(fields: dict[str, Any], is_declared: Callable[[str], bool]) -> dict[str, Any]:
    """Leave out the fields that name the caller, but those that the view's own contract declares.

    Raises:
        Forbidden: a field names somebody else.
    """
    principal = g.get("principal")
    given = [name for name in OWN if name in fields and not is_declared(name)]
    if principal is None or not given:
        return fields
    for name in given:
        own = getattr(principal, OWN[name])
        if fields[name] is not None and str(fields[name]).lower() != own.lower():
            raise Forbidden(f"{name} names somebody else.", f"{name}이(가) 본인이 아닙니다.")
    return {name: value for name, value in fields.items() if name not in given}
