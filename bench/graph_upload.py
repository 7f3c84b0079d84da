"""`python -m bench.graph_upload [MEGABYTES]`: what an upload adds to the gateway's memory, on a platform of its own.

It needs Linux: resident memory is read from /proc, twenty times a second, for all processes of the gateway.
"""

import asyncio
import json
import sys
import tempfile
import threading
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import httpx

from cli.demo_people import sign_up
from cli.own_platform import OwnPlatform, own_platform
from cli.running import descendants, running

_GATEWAY = "web.wsgi:app"
_MEGABYTE = 1 << 20
_BOUNDARY = "upload"


class Meter(threading.Thread):
    """Keeps the most resident memory of the gateway's processes."""

    def __init__(self, platform: int) -> None:
        """Name the process that the platform descends from."""
        super().__init__(daemon=True)
        self.most, self._platform, self._ends = 0.0, platform, threading.Event()

    def run(self) -> None:
        """Look until it is stopped."""
        while not self._ends.wait(0.05):
            self.most = max(self.most, _resident(self._platform))

    def stop(self) -> float:
        """Return the most, in MiB."""
        self._ends.set()
        self.join()
        return self.most


def main(megabytes: int = 200) -> None:
    """Upload, and print how memory went."""
    with tempfile.TemporaryDirectory() as folder, own_platform(Path(folder) / "run") as started:
        asyncio.run(_measure(started, megabytes))


async def _measure(started: OwnPlatform, megabytes: int) -> None:
    person = await sign_up(started.platform, "Uploader")
    headers = {
        "Authorization": f"Bearer {await person.client.access_token()}",
        "Content-Type": f"multipart/form-data; boundary={_BOUNDARY}",
    }
    async with httpx.AsyncClient(base_url=started.platform.base, timeout=300.0, headers=headers) as http:
        await http.post("/api/graphs", content=_form(1))  # what is loaded once is loaded
        before, meter = _resident(started.pid), Meter(started.pid)
        meter.start()
        began = time.monotonic()
        answer = await http.post("/api/graphs", content=_form(megabytes))
        seconds, most = time.monotonic() - began, meter.stop()
    await person.go()
    sys.stdout.write(
        f"{megabytes} MiB, answered {answer.status_code} after {seconds:.1f} s: "
        f"the gateway had {before:.1f} MiB before, at most {most:.1f} MiB meanwhile ({most - before:+.1f})\n"
    )


async def _form(megabytes: int) -> AsyncIterator[bytes]:
    """Give a form with an export of about so many megabytes, a conversation at a time."""
    disposition = 'Content-Disposition: form-data; name="file"; filename="conversations.json"'
    yield f"--{_BOUNDARY}\r\n{disposition}\r\nContent-Type: application/json\r\n\r\n[".encode()
    said = "We talked about the weather and the garden. " * 1_000
    one = {"id": "", "messages": [{"role": "user", "content": said}]}
    count = megabytes * _MEGABYTE // len(json.dumps(one))
    for number in range(count + 1):
        yield json.dumps({**one, "id": str(number)}).encode() + (b"," if number < count else b"]")
    yield f"\r\n--{_BOUNDARY}--\r\n".encode()


def _resident(platform: int) -> float:
    """Return the resident memory of a platform's gateway processes, in MiB."""
    table, total = running(), 0.0
    for pid in descendants(platform, table) & table.keys():
        if _GATEWAY in table[pid].command:
            with suppress(OSError):  # it has just ended
                status = Path(f"/proc/{pid}/status").read_text("utf-8")
                total += int(status.partition("VmRSS:")[2].split()[0]) / 1024
    return total


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
