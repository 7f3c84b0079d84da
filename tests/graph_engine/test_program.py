import json
import signal
import subprocess
import sys
from pathlib import Path

from tests.graph_engine.exports import talks, text_of

ROOT = Path(__file__).parents[2]


def run(*arguments: object, **environment: str) -> tuple[int, list[dict[str, object]], str]:
    command = [sys.executable, "-m", "graph_engine", *map(str, arguments)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=environment, timeout=100)
    return ended.returncode, [json.loads(line) for line in ended.stdout.splitlines()], ended.stderr


def test_the_program_tells_its_stages_and_what_it_made(tmp_path: Path) -> None:
    export, target = tmp_path / "export.json", tmp_path / "graph.json"
    export.write_bytes(text_of(talks(6)))
    kept = (tmp_path / "vectors.npz", tmp_path / "meaning.npz")
    code, told, errors = run(export, target, "--keep-cache", kept[0], "--keep-meaning", kept[1], "--mode", "light")

    assert (code, errors) == (0, "")
    stages = [line["stage"] for line in told if "stage" in line]
    assert list(dict.fromkeys(stages)) == ["read", "understood", "connected", "named", "drawn"]
    assert told[-1]["made"] == {
        "nodes": 24,
        "edges": len(json.loads(target.read_text())["edges"]),
        "clusters": len(json.loads(target.read_text())["graph"]["clusters"]),
        "newNodes": 0,
        "skipped": {},
        "mode": "light",
    }
    assert all(path.stat().st_size for path in kept)


def test_a_refusal_is_a_sentence_and_no_traceback(tmp_path: Path) -> None:
    export = tmp_path / "export.json"
    export.write_bytes(b'[{"messages": [')
    code, told, errors = run(export, tmp_path / "graph.json")

    assert (code, errors, told[-1]["refused"]) == (2, "", "broken")


def test_memory_at_its_end_is_an_exit_code_of_its_own(tmp_path: Path) -> None:
    export = tmp_path / "export.json"
    export.write_bytes(text_of(talks(200)))
    code, _, _ = run(export, tmp_path / "graph.json", "--memory-megabytes", 200)

    assert code in (3, -signal.SIGABRT), "an allocation failed, in Python or in a library"


def test_models_that_were_not_built_are_named(tmp_path: Path) -> None:
    export = tmp_path / "export.json"
    export.write_bytes(text_of(talks(1)))
    code, _, errors = run(export, tmp_path / "graph.json", GRAPH_MODELS_DIRECTORY=str(tmp_path / "none"))

    assert code == 4
    assert "python -m graph_engine.encoders.building" in errors
