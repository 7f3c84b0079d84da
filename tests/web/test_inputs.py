"""Bodies as the network brings them: too long, too slow, cut, or not framed as they must be."""

import io

import pytest
from gunicorn.http.errors import InvalidChunkSize, NoMoreData
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, RequestTimeout

from web import inputs
from web.inputs import Input


class Source(io.BytesIO):
    """gunicorn's body, which may fail."""

    failed = False
    problem: BaseException | None = None

    def read(self, size: int | None = -1, /) -> bytes:
        if self.problem is not None:
            raise self.problem
        return super().read(size)


def test_a_body_is_read_whole_and_in_parts() -> None:
    body = b"line one\nline two\n" * 10_000
    assert Input(Source(body), len(body)).read() == body
    given = Input(Source(body), len(body))
    assert (given.readline(), given.read(4), given.readline(3)) == (b"line one\n", b"line", b" tw")
    assert given.read(0) == b""


@pytest.mark.parametrize("size", [11, 12, 200_000])
def test_more_than_the_limit_is_refused_however_it_is_read(size: int) -> None:
    with pytest.raises(RequestEntityTooLarge):
        Input(Source(b"x" * size), 10).read()
    given = Input(Source(b"x" * size), 10)
    assert given.read(4) == given.read(4) == b"xxxx"
    with pytest.raises(RequestEntityTooLarge):
        given.read(4)
    assert Input(Source(b"x" * 10), 10).read() == b"x" * 10


@pytest.mark.parametrize("problem", [InvalidChunkSize(b"zz"), NoMoreData(b""), ConnectionResetError()])
def test_what_is_wrong_with_the_framing_is_the_clients_fault_and_ends_the_connection(problem: Exception) -> None:
    source = Source(b"x")
    source.problem = problem
    with pytest.raises(BadRequest):
        Input(source, 10).read()
    assert source.failed


def test_what_does_not_come_in_time_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "LONGEST_SECONDS", 0.0)
    source = Source(b"x")
    given = Input(source, 10)
    with pytest.raises(RequestTimeout):
        given.read()
    assert source.failed
