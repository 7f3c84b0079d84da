"""The engine as a program: `python -m graph_engine INPUT OUTPUT [--previous GRAPH] …`.

It says on standard output, a line of JSON each, how far it is, and at last what became of it:
`{"stage": …, "done", "total"}`, then `{"made": {…}}` or `{"refused": code, "en", "ko"}`. Exit codes: 0 made, 2 the
export is refused, 3 its memory is at an end, 4 the models are not built; anything else is a fault of its own.
"""

import argparse
import ctypes
import json
import os
import signal
import sys
import time
from pathlib import Path

import numpy as np

from graph_engine.document import write_document
from graph_engine.encoders.korean import ALIGNMENT, Korean
from graph_engine.encoders.sentence_encoders import SentenceEncoders
from graph_engine.encoders.store import ModelStore
from graph_engine.encoders.vector_cache import VectorCache
from graph_engine.errors import BadExport, ModelsMissing
from graph_engine.limits import bound_memory
from graph_engine.pipeline import Making, make_map
from graph_engine.previous import Previous, read_previous
from graph_engine.progress import READ, Step
from graph_engine.reading.exports import read_export
from graph_engine.vocabulary import LEVELS

REFUSED, OUT_OF_MEMORY, NOT_BUILT = 2, 3, 4
_TELL_SECONDS = 0.5
_PR_SET_PDEATHSIG = 1


def main(arguments: list[str] | None = None) -> int:
    """Make a map, and return the exit code."""
    options = _options(arguments)
    if options.with_parent:
        _end_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the worker's, which ends its jobs first
    if options.memory_megabytes:
        bound_memory(options.memory_megabytes)
    try:
        _say(made=_make(options))
    except BadExport as refusal:
        _say(refused=refusal.code, en=refusal.en, ko=refusal.ko)
        return REFUSED
    except MemoryError:
        return OUT_OF_MEMORY
    except ModelsMissing as problem:
        sys.stderr.write(f"{problem}\n")
        return NOT_BUILT
    return 0


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m graph_engine", description="Draws a map of conversations.")
    parser.add_argument("input", type=Path, help="an export: JSON, or a zip of it")
    parser.add_argument("output", type=Path, help="where the map is written, as node-link JSON")
    parser.add_argument("--previous", type=Path, help="the map before, whose ids, names, colours and places go on")
    parser.add_argument("--cache", type=Path, help="vectors of a map before")
    parser.add_argument("--keep-cache", type=Path, help="where to write the vectors of this one")
    parser.add_argument("--keep-meaning", type=Path, help="where to write the rows that a search is compared with")
    parser.add_argument("--at", help="when it is made, ISO 8601")
    parser.add_argument("--mode", choices=("full", "light"), help="otherwise by the number of conversations")
    parser.add_argument("--level", choices=LEVELS, help="the talk is a learner's own, of that level: report on words")
    parser.add_argument("--alignment", type=Path, default=ALIGNMENT, help="Korean alignment, without .npz and .json")
    parser.add_argument("--with-parent", action="store_true", help="end when the process that started this one ends")
    parser.add_argument("--memory-megabytes", type=int, default=0, help="end where more would be needed")
    return parser.parse_args(arguments)


def _make(options: argparse.Namespace) -> dict[str, object]:
    told = Teller()
    collection = read_export(
        options.input, told=lambda count: told(Step(READ, count)), counts_words=options.level is not None
    )
    cache = VectorCache(options.cache)
    making = Making(
        encoders=SentenceEncoders(ModelStore()),
        korean=Korean(options.alignment),
        cache=cache,
        previous=read_previous(options.previous) if options.previous else Previous(),
        at=options.at,
        is_light=None if options.mode is None else options.mode == "light",
        told=told,
        level=options.level,
    )
    document, meaning = make_map(collection, making)
    write_document(document, options.output)
    if options.keep_cache:
        cache.write(options.keep_cache)
    if options.keep_meaning:
        with options.keep_meaning.open("wb") as file:
            parts = {name: part.astype(np.float16) for name, part in meaning._asdict().items()}
            np.savez(file, allow_pickle=False, **parts)
    return {
        "nodes": len(document.nodes),
        "edges": len(document.edges),
        "clusters": len(document.graph["clusters"]),
        "newNodes": document.graph["newNodes"],
        "skipped": document.graph["skipped"],
        "mode": document.graph["mode"],
    }


def _end_with_parent() -> None:
    """Have the kernel end this process when its parent is gone: a killed worker leaves nobody drawing for nobody."""
    parent = os.getppid()
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


class Teller:
    """Says each stage at once, and how far it is now and then."""

    def __init__(self) -> None:
        """Have said nothing yet."""
        self._stage, self._at = "", 0.0

    def __call__(self, step: Step) -> None:
        """Say a step, unless one of the same stage was just said."""
        now = time.monotonic()
        if step.stage != self._stage or now - self._at >= _TELL_SECONDS:
            self._stage, self._at = step.stage, now
            _say(**step._asdict())


def _say(**fields: object) -> None:
    print(json.dumps(fields), flush=True)  # noqa: T201  # standard output is where its parent reads


if __name__ == "__main__":
    sys.exit(main())
