"""Signing up, in and out, as a person does it."""

from collections.abc import Callable
from uuid import uuid4

from playwright.sync_api import expect

from tests.browser.visitor import Visitor
from tests.flows.people import PASSWORD, People, Person
from tests.flows.platform import Platform, wait_for


def test_somebody_signs_up_and_stays_signed_in(visit: Callable[..., Visitor], platform: Platform) -> None:
    email = f"{uuid4().hex[:10]}@example.com"
    with visit() as new:
        page = new.page
        page.get_by_role("link", name="Create an account").click()
        page.get_by_label("Name").fill("Ha-eun")
        page.get_by_label("E-mail").fill(email)
        page.get_by_label("Password", exact=True).type("practice")
        expect(page.locator(".rules .met")).to_have_count(2)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        expect(page.locator(".rules .met")).to_have_count(5)
        new.button("Create an account").click()
        expect(page.get_by_role("heading", name="Confirm your e-mail")).to_be_visible()
        page.get_by_label("Code").fill("000000")
        new.button("Confirm").click()
        expect(page.get_by_role("alert")).to_contain_text("wrong or too old")
        page.get_by_label("Code").fill(wait_for(lambda: platform.codes(email), "a code goes out")[-1])
        new.button("Confirm").click()
        expect(page.get_by_role("heading", name="Practise", level=1)).to_be_visible()
        page.reload()
        expect(page.get_by_role("heading", name="Practise", level=1)).to_be_visible()
        assert page.evaluate("Object.values(localStorage).join() + document.cookie").count("eyJ") == 0


def test_a_wrong_password_is_told_and_a_forgotten_one_replaced(
    visit: Callable[..., Visitor], people: People, platform: Platform
) -> None:
    somebody = people.fresh()
    with visit() as visitor:
        page = visitor.page
        page.get_by_label("E-mail").fill(somebody.email)
        page.get_by_label("Password", exact=True).fill("wrong")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_have_text("E-mail or password is not right.")
        page.get_by_role("link", name="Forgotten?").click()
        expect(page.get_by_label("E-mail")).to_have_value(somebody.email)
        sent = len(platform.codes(somebody.email))
        visitor.button("Send a code").click()
        page.get_by_label("Code").fill(people.code(somebody, after=sent))
        page.get_by_label("New password").fill("An0ther-password!")
        visitor.button("Save and sign in").click()
        expect(page.get_by_role("heading", name="Practise", level=1)).to_be_visible()


def test_two_tabs_agree_that_somebody_signed_out(visit: Callable[..., Visitor], minji: Person) -> None:
    with visit(minji, "/app/settings") as visitor:
        other = visitor.context.new_page()
        other.goto("/app/rooms")
        expect(other.get_by_role("heading", name="Rooms", level=1)).to_be_visible()
        visitor.button("Sign out").click()
        for page in (visitor.page, other):
            expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_the_language_and_the_theme_are_kept(visit: Callable[..., Visitor], people: People) -> None:
    with visit(people.fresh(), "/app/settings") as visitor:
        page = visitor.page
        page.get_by_role("radio", name="Dark").check(force=True)
        page.get_by_role("radio", name="한국어").check(force=True)
        expect(page.get_by_role("heading", name="설정", level=1)).to_be_visible()
        page.reload()
        expect(page.get_by_role("heading", name="설정", level=1)).to_be_visible()
        assert page.evaluate("[document.documentElement.lang, document.documentElement.dataset.theme]") == [
            "ko",
            "dark",
        ]
