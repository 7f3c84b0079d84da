"""An installed SpeakTracker, used from a folder that has none of its sources."""

import os
import subprocess
from pathlib import Path

KEPT = ("HOME", "LANG", "TMPDIR")


class Install:
    """Runs programs of one environment; what this process has in its own does not reach them."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self.programs, self.folder = programs, folder

    def environment(self, settings: dict[str, str]) -> dict[str, str]:
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        return kept | {"PATH": f"{self.programs}:{os.defpath}"} | settings

    def run(
        self, program: str, *arguments: str, folder: Path | None = None, **settings: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a program to its end, outside the repository where no folder is named."""
        return subprocess.run(
            [self.programs / program, *arguments],
            cwd=folder or self.folder,
            env=self.environment(settings),
            capture_output=True,
            text=True,
            timeout=60,
        )

    def start(self, command: str, folder: Path, output: Path, **settings: str) -> subprocess.Popen[bytes]:
        """Start a line of the Procfile, as a shell there would."""
        with output.open("wb") as file:
            return subprocess.Popen(
                ["/bin/sh", "-c", f"exec {command}"],
                cwd=folder,
                env=self.environment(settings),
                stdout=file,
                stderr=subprocess.STDOUT,
            )
