"""Maps drawn in a process of their own, with bounds on its memory and its time."""

import select
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import orjson

from shared.adapters.graph_processes.starting import NOT_BUILT, last_line, not_installed, start
from shared.domains.graphs.errors import ExportRefused, MapCancelled
from shared.domains.graphs.models import Facts, Refusal, Sheet
from shared.domains.graphs.ports import Told
from shared.kernel.errors import Unavailable

LONGEST_SECONDS = 400.0
"""Of the 450 that a job has; the rest is for the bucket."""
MEMORY_MEGABYTES = 1_500
_LOOK_SECONDS = 1.0
_REFUSED, _OUT_OF_MEMORY = 2, 3
_NEAR_THE_BOUND = 0.8
_TOO_LARGE = Refusal(
    code="out_of_memory",
    en="The conversations are too many or too long for one graph: its memory was at an end.",
    ko="대화가 너무 많거나 길어 그래프를 만들 메모리가 부족합니다.",
)
_TOO_LONG = Refusal(
    code="out_of_time",
    en="The conversations are too many or too long for one graph: its time was up.",
    ko="대화가 너무 많거나 길어 정해진 시간 안에 그래프를 만들지 못했습니다.",
)
_BROKE = Refusal(
    code="crashed",
    en="Something in the conversations broke the drawing; we were told.",
    ko="대화에 있는 무언가 때문에 그래프를 그리지 못했습니다.",
)


@dataclass(slots=True)
class Run:
    """A drawing under way: what it told last, and how much it used."""

    process: "subprocess.Popen[bytes]"
    began_at: float = field(default_factory=time.monotonic)
    answer: dict[str, Any] = field(default_factory=dict)
    peak_megabytes: float = 0.0
    cpu_seconds: float = 0.0
    held: bytes = b""

    def look(self) -> None:
        """Note what the process has used so far, as far as this system tells."""
        folder = Path(f"/proc/{self.process.pid}")
        try:
            status = (folder / "status").read_text()
            times = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            return
        peak = next((line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")), "0")
        self.peak_megabytes = max(self.peak_megabytes, int(peak) / 1024)
        self.cpu_seconds = (int(times[11]) + int(times[12])) / 100


class ProcessMapMaker:
    """The port MapMaker."""

    def __init__(self, *, memory_megabytes: int = MEMORY_MEGABYTES, longest_seconds: float = LONGEST_SECONDS) -> None:
        """Start nothing yet."""
        self._memory, self._longest = memory_megabytes, longest_seconds

    def draw(self, sheet: Sheet, *, told: Told, is_cancelled: Callable[[], bool]) -> Facts:
        """Write the map of a sheet.

        Raises:
            ExportRefused: nothing can be made of it; or it needs more memory or time than there is.
            MapCancelled: nobody wants it any more; the process is gone.
            Unavailable: it was killed from outside.
            RuntimeError: the engine has a fault.
        """
        with tempfile.TemporaryFile() as errors:
            run = Run(start("graph_engine", *self._arguments(sheet), stdin=subprocess.DEVNULL, stderr=errors))
            try:
                self._follow(run, told, is_cancelled)
            finally:
                run.process.kill()
                run.process.wait()
                run.process.stdout.close()  # type: ignore[union-attr]
            return self._judged(run, errors)

    def _arguments(self, sheet: Sheet) -> list[str]:
        named = {
            "--previous": sheet.previous,
            "--cache": sheet.previous_vectors,
            "--keep-cache": sheet.vectors,
            "--keep-meaning": sheet.meaning,
            "--at": sheet.at,
            "--level": sheet.level,
            "--memory-megabytes": self._memory,
        }
        options = [part for name, value in named.items() if value is not None for part in (name, str(value))]
        return [str(sheet.export), str(sheet.graph), "--with-parent", *options]

    def _follow(self, run: Run, told: Told, is_cancelled: Callable[[], bool]) -> None:
        """Read what the process says until it ends; once a second, ask whether it is still wanted."""
        output, looked_at = run.process.stdout.fileno(), 0.0  # type: ignore[union-attr]
        while True:
            ready, _, _ = select.select([output], [], [], _LOOK_SECONDS)
            if ready and not self._heard(run, told):
                run.process.wait()
                return
            now = time.monotonic()
            if now - looked_at < _LOOK_SECONDS:
                continue
            looked_at = now
            run.look()
            if is_cancelled():
                raise MapCancelled
            if run.peak_megabytes > self._memory:
                raise ExportRefused(_TOO_LARGE)
            if now - run.began_at > self._longest:
                raise self._too_long(run)

    def _heard(self, run: Run, told: Told) -> bool:
        """Take what the process says; False where it has ended."""
        piece = run.process.stdout.read1(65_536)  # type: ignore[union-attr]
        *lines, run.held = (run.held + piece).split(b"\n")
        for line in lines:
            fields = orjson.loads(line)
            if "stage" in fields:
                told(fields["stage"], fields["done"], fields["total"])
            else:
                run.answer = fields
        return bool(piece)

    def _too_long(self, run: Run) -> Exception:
        """Return why a drawing is ended: its own fault where it had the processor for most of the time."""
        if run.cpu_seconds > self._longest / 2:
            return ExportRefused(_TOO_LONG)
        return Unavailable("The graph worker has too much to do.", "그래프를 만드는 작업이 밀려 있습니다.")

    def _judged(self, run: Run, errors: IO[bytes]) -> Facts:
        code = run.process.returncode
        if code == 0 and "made" in run.answer:
            return Facts.model_validate(run.answer["made"])
        if code == _REFUSED and "refused" in run.answer:
            answer = run.answer
            raise ExportRefused(Refusal(code=answer["refused"], en=answer["en"], ko=answer["ko"]))
        if code == _OUT_OF_MEMORY:
            raise ExportRefused(_TOO_LARGE)
        if code < 0:
            raise self._killed(run, -code)
        errors.seek(0)
        reason = last_line(errors.read())
        if code == NOT_BUILT or reason.startswith("ModuleNotFoundError"):
            raise not_installed(reason)
        raise RuntimeError(f"The graph engine broke: {reason}")

    def _killed(self, run: Run, by: int) -> Exception:
        """Tell a death that would come again from one that came from outside.

        A process that breaks itself breaks again; one that was killed near its bound was killed for its memory.
        """
        if by not in (signal.SIGKILL, signal.SIGTERM):
            return ExportRefused(_TOO_LARGE if by == signal.SIGABRT else _BROKE)
        if run.peak_megabytes > _NEAR_THE_BOUND * self._memory:
            return ExportRefused(_TOO_LARGE)
        return Unavailable("The drawing was interrupted.", "그래프를 그리는 작업이 중단되었습니다.")
