"""Examples of what is sent and answered, beside the schemas; tests hold each to what the code takes and writes.

`bodies.json` and `answers.json` go by the names of contracts, but for answers that are no JSON: these go by the names
of operations. `parameters.json` goes by the names that stand in addresses.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
MESSAGE = "Done"
"""Stands for the sentence for people, which differs from language to language."""


@cache
def body_examples() -> dict[str, Any]:
    """Return an example of each JSON body by the name of its contract."""
    return _read("bodies")


@cache
def parameter_examples() -> dict[str, Any]:
    """Return an example of each part of an address, and of each field of a query that is needed, by its name."""
    return _read("parameters")


@cache
def answer_examples() -> dict[str, Any]:
    """Return an example of the fields of each success by the name of its contract, or of its operation."""
    return _read("answers")


def whole_answer(contract: str | None, *, is_wrapped: bool) -> dict[str, Any] | None:
    """Return an example of a whole answer with these fields, or with none; None where there is no example."""
    fields = {} if contract is None else answer_examples().get(contract)
    if fields is None:
        return None
    own = {"success": True, "message": MESSAGE}
    return own | ({"data": fields if contract is not None else None} if is_wrapped else fields)


def told_examples(contracts: list[str | None], *, is_wrapped: bool) -> dict[str, Any]:
    """Return the examples of a JSON response: `example`, or `examples` where it is one of several contracts."""
    whole = {name or MESSAGE: whole_answer(name, is_wrapped=is_wrapped) for name in contracts}
    found = {name: {"value": one} for name, one in whole.items() if one is not None}
    if len(found) > 1:
        return {"examples": found}
    return {"example": next(iter(found.values()))["value"]} if found else {}


def media_example(operation: str, media: str) -> dict[str, Any]:
    """Return the `example` of an answer that is no JSON; nothing where a text cannot show it."""
    found = answer_examples().get(operation, {}).get(media)
    return {} if found is None else {"example": found}


def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((HERE / f"{name}.json").read_text("utf-8"))
    return found
