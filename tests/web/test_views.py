"""What views may rely on: who may call them, forms, longer bodies, and ids that a key repeats."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import g
from flask_openapi.models.file import FileStorage
from pydantic import BaseModel, Field

from shared.kernel.contract import Command
from shared.kernel.errors import Forbidden
from shared.kernel.principal import Principal
from web.auth import operators_only, tutors_only
from web.bodies import takes_bodies_of
from web.idempotency import request_scoped_id
from web.validation import Contracts, install_validation, parse


def principal(role: str = "student", *groups: str) -> Principal:
    return Principal("user-1", "min@example.com", "민지", role, "en", "session-1", 4_000_000_000, frozenset(groups))


@pytest.mark.parametrize(
    ("guard", "allowed", "refused"),
    [
        (tutors_only, principal("tutor"), principal("student")),
        (operators_only, principal("student", "operators"), principal("tutor")),
    ],
)
def test_a_guarded_view_lets_in_who_may(web: Any, guard: Any, allowed: Principal, refused: Principal) -> None:
    view: Callable[[], str] = guard(lambda: "done")
    with web.app.test_request_context():
        g.principal = allowed
        assert view() == "done"
        g.principal = refused
        with pytest.raises(Forbidden):
            view()


class Recording(BaseModel, extra="forbid"):
    """A form with a file."""

    title: str
    file: FileStorage


def test_a_form_is_parsed_with_its_files_and_names_what_it_does_not_know(web: Any, student: str) -> None:
    def keep(form: Recording) -> str:
        return f"{form.title}: {form.file.filename}"

    _add(web, "/recordings", keep)
    form: dict[str, Any] = {"title": "제목", "userId": "user-1"}

    def send(**more: str) -> Any:
        return web.call("POST", "/recordings", student, data=form | more | {"file": (open_file(), "a.webm")})

    assert send().text == "제목: a.webm"
    answer = send(colour="red")
    assert (answer.status_code, answer.get_json()["details"][0]["field"]) == (400, "colour")


def test_a_view_may_take_a_longer_body(web: Any, student: str) -> None:
    class Text(Command):
        text: str = Field(max_length=1_000_000)

    @takes_bodies_of(400_000)
    def keep(body: Text) -> str:
        return str(len(body.text))

    _add(web, "/texts", keep)
    assert web.call("POST", "/texts", student, json={"text": "x" * 300_000}).text == "300000"
    assert web.call("POST", "/texts", student, json={"text": "x" * 400_000}).status_code == 413


def test_the_same_key_of_the_same_user_gives_the_same_id(web: Any, student: str) -> None:
    ids: list[str | None] = []

    def keep() -> str:
        ids.append(request_scoped_id())
        raise KeyError  # an answer that is never kept, so that each call reaches the view

    _add(web, "/ids", keep)
    for key in ("1", "1", "2", None):
        headers = {"Idempotency-Key": key} if key else {}
        web.call("POST", "/ids", student, headers=headers)
    assert ids[0] == ids[1] != ids[2]
    assert ids[3] is None


def test_a_list_in_a_query_keeps_all_its_values(web: Any, student: str) -> None:
    class Wanted(Command):
        tag: list[str]

    def keep(query: Wanted) -> str:
        return ",".join(query.tag)

    _add(web, "/tags", keep, "GET")
    assert web.call("GET", "/tags?tag=a&tag=b", student).text == "a,b"


def test_contracts_say_which_fields_are_their_own() -> None:
    class Feedback(Command):
        student_email: str

    assert Contracts(body=Feedback).declares("studentEmail")
    assert not Contracts(query=Feedback).declares("userId")
    assert parse(Feedback, {"studentEmail": "a@example.com"})


def open_file() -> Any:
    return open(__file__, "rb")


def _add(web: Any, path: str, view: Any, method: str = "POST") -> None:
    """Add a documented view to the application, which has answered already."""
    web.app._got_first_request = False
    route = web.app.post if method == "POST" else web.app.get
    route(path, doc_ui=False)(view)
    install_validation(web.app)
