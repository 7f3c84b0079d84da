"""Images and recordings: put straight into the bucket, named in a frame, seen by everybody."""

from typing import Any

import httpx
import pytest

from tests.flows.people import People, Person, fields

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 100
LIMIT = 10 * 1024 * 1024
BEGINNINGS = {
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/jpeg": b"\xff\xd8\xff\xe0",
    "image/webp": b"RIFF\0\0\0\0WEBP",
    "image/gif": b"GIF89a",
    "audio/webm;codecs=opus": b"\x1aE\xdf\xa3\x84\x42\x82\x84webm",
    "audio/ogg": b"OggS",
    "audio/mp4": b"\0\0\0\x20ftypM4A ",
    "audio/mpeg": b"ID3\x04",
    "audio/wav": b"RIFF\0\0\0\0WAVE",
    "audio/flac": b"fLaC",
}


def offer(person: Person, room: str, kind: str = "IMAGE", content_type: str = "image/png") -> dict[str, Any]:
    return person.post(f"/rooms/{room}/uploads", {"messageType": kind, "contentType": content_type, "size": 108})


def put(offered: dict[str, Any], content: bytes = PNG, **changed: str) -> httpx.Response:
    form = offered["fields"] | changed
    return httpx.post(offered["url"], data=form, files={"file": ("file", content)}, timeout=30, trust_env=False)


@pytest.mark.parametrize(
    ("kind", "content_type"),
    [
        ("IMAGE", "image/png"),
        ("IMAGE", "image/jpeg"),
        ("IMAGE", "image/webp"),
        ("IMAGE", "image/gif"),
        ("VOICE", "audio/webm;codecs=opus"),
        ("VOICE", "audio/ogg"),
        ("VOICE", "audio/mp4"),
        ("VOICE", "audio/mpeg"),
        ("VOICE", "audio/wav"),
        ("VOICE", "audio/flac"),
    ],
)
def test_an_upload_is_shown_and_listed_with_an_address(
    kind: str, content_type: str, ann: Person, ben: Person, room: str
) -> None:
    offered = offer(ann, room, kind, content_type)
    assert set(offered) == {"url", "fields", "key", "expiresAt"}
    content = BEGINNINGS[content_type].ljust(108, b"\0")
    assert put(offered, content).is_success
    with ann.enter(room) as anns, ben.enter(room) as bens:
        anns.say(room, "A caption", messageType=kind, key=offered["key"], requestId="r")
        shown = bens.until(type="message")
    listed = ben.get(f"/rooms/{room}/messages")["messages"][0]
    for item in (shown, listed):
        assert (item["content"], item["messageType"]) == ("A caption", kind)
        downloaded = httpx.get(item["url"], trust_env=False)
        assert downloaded.content == content
        assert downloaded.headers["Content-Type"] == content_type.partition(";")[0]
        assert downloaded.headers["Content-Disposition"].startswith("attachment; filename=")
        assert downloaded.headers["X-Content-Type-Options"] == "nosniff"
    assert httpx.get(shown["url"].partition("?")[0], trust_env=False).status_code == 403


def test_the_bucket_refuses_what_was_not_offered(ann: Person, room: str) -> None:
    offered = offer(ann, room)
    assert put(offered, b"").status_code == 400
    assert put(offered, b"x" * 109).status_code == 400  # the offer was of 108
    for changed in (
        {"Content-Type": "text/html"},
        {"key": offered["key"].replace(ann.user_id, "somebody")},
        {"x-amz-signature": "0" * 64},
    ):
        assert put(offered, **changed).status_code == 403, changed
    assert put(offered, b"x" * 108).is_success


def test_a_key_is_for_its_author_and_its_room(ann: Person, ben: Person, room: str) -> None:
    other = ann.room()
    keys = [offer(ann, other)["key"]]
    with ann.enter(room) as anns, ben.enter(room) as bens:
        keys.append(offer(ben, room)["key"])
        own = offer(ann, room)["key"]
        keys += [own.rpartition("/")[0] + "/../x.png", own.upper(), f"/{own}", f"incoming/{room}/{ann.user_id}/"]
        for key in keys:
            refused = anns.ask("sendMessage", roomId=room, content="Look", messageType="IMAGE", key=key)
            assert (refused["action"], refused["error"]) == ("error", "INVALID_REQUEST"), key
        voice = anns.ask("sendMessage", roomId=room, content="Listen", messageType="VOICE", key=own)
        assert voice["action"] == "error"
        bens.barrier()
        assert bens.messages() == []


def test_a_profile_image(people: People) -> None:
    cho = people.fresh()
    offered = cho.post("/api/me/profile-image", {"contentType": "image/png", "size": len(PNG)})
    assert offered["key"].startswith("profile-images/")
    assert put(offered).is_success
    changed = fields(cho.ask("PATCH", "/api/me", json={"profileImageKey": offered["key"]}))
    assert changed["profileImageKey"] == offered["key"].replace("incoming/", "")
    assert put(offered, PNG[:50] + b"x" * 58).is_success  # it changes nothing that is shown
    assert httpx.get(changed["profileImageUrl"], trust_env=False).content == PNG
    page = cho.post("/api/me/profile-image", {"contentType": "image/png", "size": len(PNG)})
    assert put(page, b"<html>".ljust(len(PNG))).is_success
    assert cho.ask("PATCH", "/api/me", json={"profileImageKey": page["key"]}).status_code == 400


def test_what_was_shown_stays_as_it_was_and_what_is_not_there_is_not_shown(ann: Person, room: str) -> None:
    offered, empty, page = offer(ann, room), offer(ann, room), offer(ann, room)
    assert put(offered).is_success
    assert put(page, b"<html>".ljust(108)).is_success
    with ann.enter(room) as anns:
        anns.say(room, "A picture", messageType="IMAGE", key=offered["key"], requestId="frozen")
        shown = anns.until(type="message")
        for key in (empty["key"], page["key"]):
            refused = anns.ask("sendMessage", roomId=room, content="Look", messageType="IMAGE", key=key)
            assert (refused["action"], refused["error"]) == ("error", "INVALID_REQUEST")
    assert put(offered, PNG[:50] + b"x" * 58).is_success  # the offer lives on, for what nobody is shown
    assert httpx.get(shown["url"], trust_env=False).content == PNG
