"""Pictures of signing in, rooms, the partner, notifications and settings."""

from contextlib import ExitStack

from tests.browser.screen_lessons import Take, show
from tests.browser.screen_scene import Scene, talk_now
from tests.browser.visitor import Visitor

HERE = ("Lucía Cano", "Yuna Noh", "Tomás Melo")


def welcome_pictures(visitor: Visitor, take: Take) -> None:
    """What a stranger sees, and what anybody sees without a network."""
    for name in ("sign-in", "sign-up", "confirm", "forgot", "reset"):
        visitor.open(f"/app/{name}")
        visitor.page.locator("h1").wait_for()
        take(name)


def rooms_pictures(visitor: Visitor, take: Take, scene: Scene) -> None:
    """The rooms, and one of them: as people talk, and cut off."""
    talk_now(scene)
    for name, path in (("rooms", "rooms"), ("partner-start", "partner"), ("settings", "settings")):
        show(visitor, path)
        take(name)
    with ExitStack() as stack:
        for name in HERE:
            stack.enter_context(scene.known[name].again().enter(scene.room))
        _room_pictures(visitor, take, scene)


def _room_pictures(visitor: Visitor, take: Take, scene: Scene) -> None:
    page = visitor.page
    show(visitor, f"rooms/{scene.room}")
    page.locator(".partner-message .round").click()
    page.locator(".spoken .now").wait_for()
    page.wait_for_timeout(700)
    take("room")
    visitor.context.set_offline(True)
    page.locator(".banner").wait_for()
    visitor.write("I see why you’d like it, though I sleep badly on trains.")
    page.locator(".composer textarea").type("Could we take the late one on")
    page.locator(".message.waiting").wait_for()
    take("room-offline")
    page.locator(".composer textarea").fill("")
    page.locator(".message.waiting").last.evaluate("() => indexedDB.deleteDatabase('speaktracker')")
    page.goto("/app/progress")
    page.locator("h1").wait_for()
    take("offline")
    visitor.context.set_offline(False)


def partner_pictures(visitor: Visitor, take: Take, scene: Scene) -> None:
    """A turn as it is recorded, heard and answered; a report."""
    page = visitor.page
    show(visitor, f"partner/{scene.talk}")
    page.locator(".script .line").first.wait_for()
    page.locator(".speak").click()
    page.locator(".recording").wait_for()
    page.wait_for_timeout(6_000)
    take("partner-recording")
    page.locator(".recording .button.voice").click()
    page.locator(".heard-note").wait_for()
    take("partner-heard")
    page.locator(".composer textarea").press("Enter")
    page.locator(".said .now").wait_for()
    take("partner")
    show(visitor, f"partner/{scene.report}/report")
    page.locator(".headline").wait_for()
    take("partner-report")


def notices_pictures(visitor: Visitor, take: Take, scene: Scene) -> None:
    """Notifications, and everything that a tutor said."""
    page = visitor.page
    show(visitor, "notifications")
    page.locator(".note").first.wait_for()
    take("notifications")
    show(visitor, f"feedback?with={scene.tutor.email}")
    page.locator(".feedback-list li").first.wait_for()
    take("feedback")
