"""Graphs over HTTP; the worker's part runs beside, over the same ports."""

import io
from pathlib import Path
from typing import Any

import pytest

from shared.domains.graphs.contract import SearchGraph
from shared.domains.graphs.models import LARGEST_EXPORT
from tests.shared.domains.graphs.world import EXPORT, World
from tests.web.conftest import Web


class Maps:
    """The application with graphs in memory, and the worker that draws them."""

    def __init__(self, web: Web, directory: Path) -> None:
        self.web, context = web, web.context
        self.world = World(directory, records=context.job_records, jobs=context.jobs)  # type: ignore[arg-type]
        context.__dict__.update({"graphs": self.world.store, "graph_objects": self.world.objects})

    def upload(self, token: str, content: bytes = EXPORT, **fields: str) -> tuple[int, dict[str, Any]]:
        form: dict[str, Any] = {**fields, "file": (io.BytesIO(content), "conversations.json")}
        answer = self.web.call("POST", "/api/graphs", token, data=form, content_type="multipart/form-data")
        return answer.status_code, answer.get_json()

    def get(self, path: str, token: str) -> tuple[int, Any]:
        answer = self.web.call("GET", path, token)
        return answer.status_code, answer.get_json(silent=True) or answer.text

    def drawn(self, token: str) -> str:
        _, asked = self.upload(token)
        self.world.work()
        return str(asked["graphId"])


@pytest.fixture
def maps(web: Web, tmp_path: Path) -> Maps:
    return Maps(web, tmp_path)


def test_an_export_is_accepted_then_drawn_then_listed_and_read(maps: Maps, student: str) -> None:
    status, asked = maps.upload(student, name="My talks")
    assert (status, asked["message"]) == (202, "Scheduled")
    assert maps.get(f"/api/graphs/{asked['graphId']}", student)[0] == 409, "it is not drawn yet"

    maps.world.work()

    _, listed = maps.get("/api/graphs", student)
    (item,) = listed["graphs"]
    assert (item["graphId"], item["name"], item["status"], item["nodes"]) == (asked["graphId"], "My talks", "READY", 3)
    status, shown = maps.get(f"/api/graphs/{asked['graphId']}", student)
    assert (status, [node["id"] for node in shown["nodes"]]) == (200, [0, 1, 2])
    job = maps.get(f"/api/jobs/{asked['jobId']}", student)[1]
    assert (job["status"], job["result"]["nodes"]) == ("COMPLETED", 3)


def test_the_answer_to_the_request_is_korean_for_koreans(maps: Maps, web: Web) -> None:
    token = web.sign_in("ko@example.com", language="ko")
    assert maps.upload(token)[1]["message"] == "작업 예약됨"


@pytest.mark.parametrize(
    ("format_", "kind", "begin"),
    [
        ("graphml", "application/graphml+xml", "<?xml"),
        ("gexf", "application/gexf+xml", "<?xml"),
        ("csv", "text/csv", ""),
    ],
)
def test_a_map_is_read_in_the_formats_of_others(maps: Maps, student: str, format_: str, kind: str, begin: str) -> None:
    graph = maps.drawn(student)
    answer = maps.web.call("GET", f"/api/graphs/{graph}?format={format_}", student)

    assert (answer.status_code, answer.mimetype) == (200, kind)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="graph-{graph}.{format_}"'
    assert answer.text.startswith(begin)


@pytest.mark.parametrize("content", [b"hello", b""])
def test_what_is_no_export_is_refused_and_not_kept(maps: Maps, student: str, content: bytes) -> None:
    status, told = maps.upload(student, content)
    assert (status, told["error"]) == (415, "UNSUPPORTED_MEDIA_TYPE")
    assert not maps.world.objects.objects


def test_a_form_with_a_field_nobody_knows_is_refused_with_its_name(maps: Maps, student: str) -> None:
    status, told = maps.upload(student, colour="red")
    assert (status, told["details"][0]["field"]) == (400, "colour")


def test_what_declares_itself_too_large_is_refused_with_the_bound(maps: Maps, student: str) -> None:
    too_long = {"CONTENT_LENGTH": str(LARGEST_EXPORT * 2), "CONTENT_TYPE": "multipart/form-data; boundary=x"}
    answer = maps.web.call("POST", "/api/graphs", student, environ_overrides=too_long)
    assert answer.status_code == 413
    assert "512 MB" in answer.get_json()["message"]


@pytest.mark.parametrize("body", [{}, {"source": "you"}, {"source": "me", "colour": "red"}, {"source": None}])
def test_a_request_that_is_none_is_refused(maps: Maps, student: str, body: dict[str, Any]) -> None:
    answer = maps.web.call("POST", "/api/graphs", student, json=body)
    assert answer.status_code == 400


def test_renamed_searched_for_and_removed_by_its_owner_alone(maps: Maps, student: str) -> None:
    graph = maps.drawn(student)
    other = maps.web.sign_in("other@example.com")
    for method in ("GET", "PATCH", "DELETE"):
        options = {"json": {"name": "Mine now"}} if method == "PATCH" else {}
        assert maps.web.call(method, f"/api/graphs/{graph}", other, **options).status_code == 404
    renamed = maps.web.call("PATCH", f"/api/graphs/{graph}", student, json={"name": " Ours "})
    assert renamed.get_json()["name"] == "Ours"
    status, waiting = maps.get(f"/api/graphs/{graph}?near=football&wait=0", student)
    asked = maps.world.jobs.jobs[-1]
    assert isinstance(asked, SearchGraph)
    assert (status, asked.job_id, asked.near) == (202, waiting["jobId"], "football")
    assert maps.web.call("DELETE", f"/api/graphs/{graph}", student).status_code == 200
    assert maps.get(f"/api/graphs/{graph}", student)[0] == 404
    assert not maps.world.objects.objects


def test_a_third_at_once_is_refused_before_its_upload_is_read(maps: Maps, student: str) -> None:
    for _ in range(2):
        assert maps.upload(student)[0] == 202
    status, told = maps.upload(student)
    assert (status, told["error"]) == (429, "RATE_LIMITED")
    assert len(maps.world.objects.objects) == 2


@pytest.mark.parametrize("query", ["format=pdf", "limit=0", "since=yesterday", "near=", "colour=red", "language=fr"])
def test_a_query_that_is_none_is_refused(maps: Maps, student: str, query: str) -> None:
    graph = maps.drawn(student)
    assert maps.get(f"/api/graphs/{graph}?{query}", student)[0] == 400
