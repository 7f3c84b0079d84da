import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shared.adapters.graph_processes.drawing import ProcessMapMaker
from shared.adapters.graph_processes.searching import ProcessMeaningSearch
from shared.domains.graphs.errors import ExportRefused, MapCancelled
from shared.domains.graphs.models import Facts
from shared.domains.graphs.ports import Sheet
from shared.kernel.errors import Unavailable
from tests.graph_engine.exports import talks, text_of


def a_sheet(directory: Path, content: bytes) -> Sheet:
    (directory / "export").write_bytes(content)
    files = (directory / "graph.json", directory / "vectors.npz", directory / "meaning.npz")
    return Sheet(directory / "export", None, None, *files, "2026-01-01T00:00:00.000000Z", None)


def child() -> int:
    """The process of the engine that this one has started."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if (
                f"PPid:\t{os.getpid()}" in (folder / "status").read_text()
                and b"graph_engine" in (folder / "cmdline").read_bytes()
            ):
                return int(folder.name)
        except OSError:
            continue
    raise AssertionError("no process of the engine")


def draw(sheet: Sheet, told: Callable[[str], None] = lambda _stage: None, **options: Any) -> Facts:
    is_cancelled = options.pop("is_cancelled", lambda: False)
    return ProcessMapMaker(**options).draw(
        sheet, told=lambda stage, _done, _total: told(stage), is_cancelled=is_cancelled
    )


def test_a_map_is_drawn_and_searched(tmp_path: Path) -> None:
    sheet, stages = a_sheet(tmp_path, text_of(talks(3))), []
    facts = draw(sheet, stages.append)
    search = ProcessMeaningSearch()
    try:
        hits = search.nearest(sheet.meaning, "the goalkeeper and the match", 3)
        os.kill(child(), signal.SIGKILL)
        again = next(filter(None, (_tried(search, sheet) for _ in range(2))))
        none = search.nearest(tmp_path / "missing", "x", 3)
    finally:
        search.close()

    assert (facts.nodes, list(dict.fromkeys(stages))) == (12, ["read", "understood", "connected", "named", "drawn"])
    assert {row for row, _ in hits} == {3, 4, 5}, "football comes after cooking"
    assert again == hits
    assert none == []


def _tried(search: ProcessMeaningSearch, sheet: Sheet) -> list[tuple[int, float]] | None:
    try:
        return search.nearest(sheet.meaning, "the goalkeeper and the match", 3)
    except Unavailable:
        return None


def test_a_refusal_comes_with_its_sentences(tmp_path: Path) -> None:
    with pytest.raises(ExportRefused) as refusal:
        draw(a_sheet(tmp_path, b'[{"messages": ['))

    assert (refusal.value.refusal.code, refusal.value.refusal.ko[-1]) == ("broken", ".")


def test_killed_from_outside_it_may_be_tried_again(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        draw(a_sheet(tmp_path, text_of(talks(3))), lambda _stage: os.kill(child(), signal.SIGKILL))


def test_a_cancelled_drawing_ends_at_once_and_leaves_no_process(tmp_path: Path) -> None:
    wanted = threading.Event()
    with pytest.raises(MapCancelled):
        draw(a_sheet(tmp_path, text_of(talks(50))), lambda _stage: wanted.set(), is_cancelled=wanted.is_set)

    with pytest.raises(AssertionError):
        child()


@pytest.mark.parametrize("megabytes", [60, 200])
def test_memory_at_its_end_is_a_clear_end(megabytes: int, tmp_path: Path) -> None:
    with pytest.raises(ExportRefused) as refusal:
        draw(a_sheet(tmp_path, text_of(talks(100))), memory_megabytes=megabytes)

    assert refusal.value.refusal.code == "out_of_memory"


def test_models_that_are_missing_are_a_clear_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRAPH_MODELS_DIRECTORY", str(tmp_path / "none"))
    with pytest.raises(ExportRefused) as refusal:
        draw(a_sheet(tmp_path, text_of(talks(1))))

    assert refusal.value.refusal.code == "not_installed"
