"""Search by meaning, in a process that stays while somebody searches."""

import select
import subprocess
import threading
from pathlib import Path

import orjson

from shared.adapters.deadlines import call_seconds
from shared.adapters.graph_processes.starting import NOT_BUILT, not_installed, start
from shared.kernel.errors import Unavailable

_LONGEST_SECONDS = 20.0


class ProcessMeaningSearch:
    """The port MeaningSearch: one process for this worker, started by the first question.

    It holds some 150 MB, and ends by itself where nobody asks for five minutes, or when this worker is gone.
    """

    def __init__(self) -> None:
        """Start nothing yet."""
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def nearest(self, meaning: Path, text: str, limit: int) -> list[tuple[int, float]]:
        """Return the rows nearest to a text; none where the file cannot be read. One question at a time.

        Raises:
            Unavailable: no answer came in time, or the process ended; asking again is safe.
            ExportRefused: the engine is not installed.
        """
        question = orjson.dumps({"meaning": str(meaning), "text": text, "limit": limit}) + b"\n"
        with self._turn:
            answer = self._asked(question)
        return [(int(row), float(similarity)) for row, similarity in answer.get("hits", [])]

    def close(self) -> None:
        """End the process."""
        with self._turn:
            self._end()

    def _asked(self, question: bytes) -> dict[str, list[tuple[int, float]]]:
        process = self._running()
        try:
            process.stdin.write(question)  # type: ignore[union-attr]
            process.stdin.flush()  # type: ignore[union-attr]
            if select.select([process.stdout.fileno()], [], [], call_seconds(_LONGEST_SECONDS))[0]:  # type: ignore[union-attr]
                line = process.stdout.readline()  # type: ignore[union-attr]
                if line:
                    answer: dict[str, list[tuple[int, float]]] = orjson.loads(line)
                    return answer
        except BrokenPipeError:
            pass
        self._end()
        if process.returncode in (NOT_BUILT, 1):
            raise not_installed("the search did not start")
        raise Unavailable("The search did not answer in time.", "검색이 제때 응답하지 않았습니다.")

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._process is None or self._process.poll() is not None:
            self._end()
            self._process = start("graph_engine.searching", stdin=subprocess.PIPE)
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if process.poll() is None:
            process.kill()
        process.wait()
        process.stdout.close()  # type: ignore[union-attr]
        try:
            process.stdin.close()  # type: ignore[union-attr]
        except BrokenPipeError:
            return
