"""`python -m bench.page`: what the web client costs a browser.

Bytes of the first page, how soon one can type on it (also with a processor four times slower), the script's time for a
word of the partner and for a message in a room that shows 5,000, memory after 10,000 messages, and how a map moves.
The script's time is that of its thread, so that what else the machine does counts for nothing.
Frames are handed to the page as its WebSocket would hand them, so that the page alone is measured; the rest is the real
platform.
Needs Chromium.
"""

import json
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from playwright.sync_api import BrowserContext, CDPSession, Page, WebSocketRoute, sync_playwright
from rich.console import Console
from rich.table import Table

from bench import page_map
from bench.own_platform import platform_to_measure
from cli.demo_people import PASSWORD
from cli.demo_platform import RunningPlatform

SHOWN = 5_000
MEASURED = 200
PUSHED = 10_000
WORDS = 300
LOADS = 5
SLOWER = 4
BATCH = 100
STUDENT = "student@example.com"
_READY = """
new MutationObserver((_, watch) => {
  if (!document.querySelector("#email")) return;
  window.readyAt = performance.now();
  watch.disconnect();
}).observe(document, { childList: true, subtree: true });
"""


@dataclass
class Bench:
    """A browser at the platform, and the figures found so far."""

    platform: RunningPlatform
    context: BrowserContext
    rows: list[tuple[str, str, str]] = field(default_factory=list)

    def note(self, what: str, figure: str, wanted: str) -> None:
        """Add a row."""
        self.rows.append((what, figure, wanted))


def main() -> None:
    """Measure, and print a table."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        raise SystemExit("bench.page needs Chromium: apt-get install chromium")
    directory = Path(os.environ.get("RUN_DIRECTORY", ".run"))
    with platform_to_measure(directory) as platform, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--enable-unsafe-swiftshader"]
        )
        bench = Bench(platform, browser.new_context(service_workers="block", base_url=platform.base))
        _first_page(bench)
        _room(bench)
        _partner(bench)
        _map(bench)
        browser.close()
    table = Table("what", "measured", "wanted", title="The web client in Chromium")
    for row in bench.rows:
        table.add_row(*row)
    Console().print(table)


def _first_page(bench: Bench) -> None:
    """Load the sign-in page with an empty cache, some times; the median counts."""
    for slower in (1, SLOWER):
        loads = sorted(_load(bench, slower) for _ in range(LOADS))
        ready, sent = loads[LOADS // 2]
        if slower == 1:
            bench.note("first page, transferred", f"{sent / 1000:.1f} KB", "< 100 KB")
        name = "processor as it is" if slower == 1 else f"processor {slower}× slower"
        bench.note(f"one can type after, {name}", f"{ready:.0f} ms", "< 1,000 ms" if slower == 1 else "")


def _load(bench: Bench, slower: int) -> tuple[float, int]:
    page = bench.context.new_page()
    page.add_init_script(_READY)
    session = bench.context.new_cdp_session(page)
    sent: list[int] = []
    session.on("Network.loadingFinished", lambda event: sent.append(event["encodedDataLength"]))
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    session.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    page.goto("/", wait_until="networkidle")
    ready = float(page.evaluate("window.readyAt"))
    page.close()
    return ready, round(sum(sent))


def _room(bench: Bench) -> None:
    """Show 5,000 messages, then push some more, one frame each."""
    room = _made(bench, "/rooms", {"name": "Bench", "level": "beginner"})["data"]["roomId"]
    page, sockets = _signed_in(bench, f"/app/rooms/{room}", ".composer textarea")
    session = bench.context.new_cdp_session(page)
    push = _pusher(sockets["roomToken"], room)
    for begin in range(0, SHOWN, BATCH):
        push(begin, BATCH)
        page.wait_for_timeout(20)
    _until(page, f"Number {SHOWN - 1}")
    each = _script_per(page, session, lambda: _one_by_one(page, push, SHOWN, MEASURED), MEASURED)
    bench.note(f"script a message, {SHOWN:,} shown", f"{each:.2f} ms", "< 4 ms")
    for begin in range(SHOWN + MEASURED, PUSHED, BATCH):
        push(begin, BATCH)
        page.wait_for_timeout(20)
    _until(page, f"Number {PUSHED - 1}")
    session.send("HeapProfiler.enable")
    session.send("HeapProfiler.collectGarbage")
    used = session.send("Runtime.getHeapUsage")["usedSize"]
    bench.note(f"memory after {PUSHED:,} messages", f"{used / 1e6:.1f} MB", "")
    page.close()


def _partner(bench: Bench) -> None:
    """Stream an answer of many words."""
    asked = {"difficulty": "beginner", "topic": "food", "role": "waiter"}
    talk = _made(bench, "/api/ai/chat/start", asked)["conversationId"]
    page, sockets = _signed_in(bench, f"/app/partner/{talk}", ".script .line")
    session = bench.context.new_cdp_session(page)
    asked_for: list[str] = []
    sockets["ws"].on_message(lambda text: asked_for.append(str(text)))
    page.locator(".composer textarea").fill("Tell me a long story.")
    page.locator(".composer textarea").press("Enter")
    while not any("sendMessage" in one for one in asked_for):
        page.wait_for_timeout(20)
    request_id = json.loads(next(one for one in asked_for if "sendMessage" in one))["requestId"]

    def stream() -> None:
        for index in range(WORDS):
            delta = {"action": "messageDelta", "requestId": request_id, "delta": f" word{index}", "index": index}
            sockets["ws"].send(json.dumps(delta))
            page.wait_for_timeout(5)

    each = _script_per(page, session, stream, WORDS)
    bench.note("script a streamed word", f"{each:.2f} ms", "< 4 ms")
    page.close()


def _map(bench: Bench) -> None:
    """Drag maps about."""
    for size in page_map.SIZES:
        page = bench.context.new_page()
        page_map.answer_with(page, size)
        page.goto("/app/map")
        page.locator(".canvas canvas").first.wait_for(timeout=60_000)
        page.wait_for_timeout(1_500)
        rate, each = page_map.moved(page, bench.context.new_cdp_session(page), _script_seconds)
        bench.note(f"map of {size:,} nodes, dragged", f"{rate:.0f} pictures/s", "")
        bench.note(f"script a picture, {size:,} nodes", f"{each:.1f} ms", "< 16 ms")
        page.close()


def _signed_in(bench: Bench, path: str, shown: str) -> tuple[Page, dict[str, WebSocketRoute]]:
    """Open a page as the demo student; its sockets are open to the platform, and may be spoken into."""
    page, sockets = bench.context.new_page(), dict[str, WebSocketRoute]()

    def connect(route: WebSocketRoute) -> None:
        route.connect_to_server()
        sockets["roomToken" if "roomToken" in route.url else "ws"] = route

    page.route_web_socket(lambda _url: True, connect)
    page.goto(path)
    page.locator(f"#email, {shown}").first.wait_for()
    if page.locator("#email").count():
        page.locator("#email").fill(STUDENT)
        page.locator("#password").fill(PASSWORD)
        page.keyboard.press("Enter")
    page.locator(shown).first.wait_for()
    page.wait_for_timeout(1_000)
    return page, sockets


def _pusher(socket: WebSocketRoute, room: str) -> Callable[[int, int], None]:
    author, began = str(uuid4()), time.time()

    def push(begin: int, count: int) -> None:
        for number in range(begin, begin + count):
            at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(began + number / 1000))
            message = {"type": "message", "messageId": f"m{number}", "roomId": room, "userId": author}
            text = {"content": f"Number {number}", "messageType": "TEXT", "seq": number + 1}
            socket.send(json.dumps(message | text | {"createdAt": f"{at}.{number % 1000:03d}Z"}))

    return push


def _one_by_one(page: Page, push: Callable[[int, int], None], begin: int, count: int) -> None:
    for number in range(begin, begin + count):
        push(number, 1)
        page.wait_for_timeout(10)


def _script_per(page: Page, session: CDPSession, work: Callable[[], None], count: int) -> float:
    """Return the milliseconds of script that some work costs the page, for each of its parts."""
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    before = _script_seconds(session)
    work()
    page.wait_for_timeout(500)
    return (_script_seconds(session) - before) * 1000 / count


def _script_seconds(session: CDPSession) -> float:
    metrics: list[dict[str, Any]] = session.send("Performance.getMetrics")["metrics"]
    return next(float(one["value"]) for one in metrics if one["name"] == "ScriptDuration")


def _until(page: Page, text: str) -> None:
    page.locator(".message .words", has_text=text).last.wait_for(timeout=120_000, state="attached")


def _made(bench: Bench, path: str, body: dict[str, Any]) -> dict[str, Any]:
    with httpx.Client(base_url=bench.platform.base, timeout=60, trust_env=False) as http:
        login = http.post("/api/auth/login", json={"email": STUDENT, "password": PASSWORD}).json()
        answer = http.post(path, json=body, headers={"Authorization": f"Bearer {login['accessToken']}"})
        answer.raise_for_status()
        made: dict[str, Any] = answer.json()
        return made


if __name__ == "__main__":
    main()
