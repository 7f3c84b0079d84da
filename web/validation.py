"""What a request says, parsed into the contracts that its view declares, or refused with the fields' names."""

from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple, get_type_hints

import orjson
from flask import Flask, request
from pydantic import BaseModel, ValidationError

from shared.kernel.errors import Invalid, NotFound
from web.bodies import is_read_by_its_view, json_fields
from web.context import language
from web.identity import without_own_identity
from web.wording import field_problem

View = Callable[..., Any]
EXTENSION = "contracts"
LONGEST_NAME = 1_024
"""Bytes; an e-mail address of 254 letters may have that many."""
NOT_VALID = ("Some fields are not valid.", "입력값이 올바르지 않습니다.")


class Contracts(NamedTuple):
    """The contracts that a view declares by its parameters' names."""

    path: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    form: type[BaseModel] | None = None
    body: type[BaseModel] | None = None

    def declares(self, field: str) -> bool:
        """Tell whether a field of the query, form or body has that name on the wire."""
        models = (self.query, self.form, self.body)
        return any(
            field == (one.alias or name) for model in models if model for name, one in model.model_fields.items()
        )


def install_validation(app: Flask) -> dict[str, Contracts]:
    """Parse for every view that declares contracts, and return these by endpoint; call it after all are registered.

    flask-openapi's own parsing builds a JSON schema for every request with a query and passes over what it cannot
    read; its part here is the document.
    """
    found: dict[str, Contracts] = {}
    for endpoint, view in app.view_functions.items():
        contracts = contracts_of(view)
        if contracts is not None:
            found[endpoint] = contracts
            app.view_functions[endpoint] = _parsed(_documented(view), contracts)
    app.extensions[EXTENSION] = found
    return found


def contracts_of_endpoint(app: Flask, endpoint: str) -> Contracts:
    """Return what an endpoint of a running application takes; nothing where it declares nothing."""
    found: dict[str, Contracts] = app.extensions[EXTENSION]
    return found.get(endpoint, Contracts())


def contracts_of(view: View) -> Contracts | None:
    """Return the contracts of a documented view; None for any other."""
    documented = _documented(view)
    if documented is None or getattr(documented, "view", None) is not view:
        return None
    hints = get_type_hints(documented)
    return Contracts(**{name: hints[name] for name in Contracts._fields if name in hints})


def _documented(view: View) -> Any:
    """Return the function that flask-openapi wrapped; None for a view that it did not register."""
    return getattr(view, "__wrapped__", None)


def _parsed(view: View, contracts: Contracts) -> View:
    @wraps(view)
    def call(**path: Any) -> Any:
        return view(**_arguments(contracts, path))

    return call


def _arguments(contracts: Contracts, path: dict[str, Any]) -> dict[str, Any]:
    _require_plausible(path)
    arguments = {"path": parse(contracts.path, path, by_name=True)} if contracts.path else dict(path)
    query = without_own_identity(_query_fields(contracts.query), contracts.declares)
    if contracts.query or query:
        arguments["query"] = parse(contracts.query or _Nothing, query)
    if is_read_by_its_view():
        return arguments
    if contracts.form:
        form = without_own_identity({**request.form.to_dict(), **request.files.to_dict()}, contracts.declares)
        return arguments | {"form": parse(contracts.form, form)}
    body = without_own_identity(json_fields(), contracts.declares)
    if request.method != "PATCH":
        body = without_nulls(body)
    if contracts.body or body:
        arguments["body"] = parse_json(contracts.body or _Nothing, body)
    return arguments


def _require_plausible(path: dict[str, Any]) -> None:
    """Refuse a path that can name nothing: the table refuses keys that are too long, which is no fault of ours.

    Raises:
        NotFound: some part is longer than any name of ours.
    """
    if any(len(str(part).encode()) > LONGEST_NAME for part in path.values()):
        raise NotFound("Not found", "찾을 수 없습니다.")


class _Nothing(BaseModel, extra="forbid"):
    """The contract of a query or body in which nothing is documented."""


def parse(contract: type[BaseModel], fields: dict[str, Any], *, by_name: bool = False) -> BaseModel:
    """Return the fields, named as on the wire or, with `by_name`, as in the code, as a contract.

    Raises:
        Invalid: some fields are not as they must be; each is named, and what was sent is never repeated.
    """
    try:
        return contract.model_validate(fields, by_alias=not by_name, by_name=by_name)
    except ValidationError as problem:
        raise _refused(problem) from None


def parse_json(contract: type[BaseModel], fields: dict[str, Any]) -> BaseModel:
    """Return the fields of a JSON body as a contract, strictly: true is no number, and "5" none either.

    Raises:
        Invalid: as `parse`.
    """
    try:
        return contract.model_validate_json(orjson.dumps(fields), strict=True, by_alias=True, by_name=False)
    except ValidationError as problem:
        raise _refused(problem) from None


def _refused(problem: ValidationError) -> Invalid:
    errors = problem.errors(include_url=False, include_input=False)
    return Invalid(*NOT_VALID, details=[field_problem(error, language()) for error in errors])


def without_nulls(value: Any) -> Any:
    """Leave out what is null, since absent and null mean the same; members of lists stay."""
    if not isinstance(value, dict):
        return value
    return {name: without_nulls(inner) for name, inner in value.items() if inner is not None}


def _query_fields(contract: type[BaseModel] | None) -> dict[str, Any]:
    """Return the fields of the query; an empty cursor is none: that is how a form begins a list."""
    known = contract.model_fields.items() if contract else ()
    lists = {one.alias or name for name, one in known if _is_list(one.annotation)}
    given = {name: values for name, values in request.args.lists() if name != "cursor" or any(values)}
    return {name: values if name in lists else values[-1] for name, values in given.items()}


def _is_list(annotation: Any) -> bool:
    return getattr(annotation, "__origin__", None) is list
