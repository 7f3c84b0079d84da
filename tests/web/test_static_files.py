"""The web client as the gateway serves it: its shell, its files by content, and other people's code in it."""

import gzip
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

from web.static_files import FOLDER, BrokenReference, StaticFiles

LARGEST_FIRST_PAGE = 100_000
EVERYBODYS = {"base.css", "controls.css", "frame.css", "parts.css"}
"""Sheets whose classes every page uses."""
MARKUP = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function")


def test_every_page_of_the_client_answers_with_the_shell(web: Any) -> None:
    for path in ("/", "/app", "/app/rooms", "/app/rooms/some-room"):
        answer = web.call("GET", path, headers={"Accept-Language": "ko"})
        assert (answer.status_code, answer.mimetype) == (200, "text/html")
        assert answer.headers["Cache-Control"] == "no-store"
        assert '<html lang="ko">' in answer.text


def test_nothing_in_the_shell_is_inline(web: Any) -> None:
    for path in ("/", "/docs"):
        page = web.call("GET", path).text
        assert re.findall(r"<script(?![^>]*\bsrc=)", page) == []
        assert re.findall(r"<style|\sstyle=|\son\w+=|javascript:", page) == []
    policy = web.call("GET", "/").headers["Content-Security-Policy"]
    assert "require-trusted-types-for 'script'" in policy


def test_whatever_the_shell_names_is_there_small_and_kept_for_a_year(web: Any) -> None:
    addresses = re.findall(r'(?:src|href)="(/[^"]+)"', web.call("GET", "/").text)
    sent = 0
    for address in addresses:
        answer = web.call("GET", address, headers={"Accept-Encoding": "gzip"})
        assert answer.status_code == 200, address
        sent += len(answer.data)
        if address.startswith("/static/"):
            assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert len(addresses) > 10
    assert sent < LARGEST_FIRST_PAGE


def test_files_that_are_no_documents_carry_no_policy_of_documents(web: Any) -> None:
    addresses = re.findall(r'(?:src|href)="(/static/[^"]+)"', web.call("GET", "/").text)
    for address in addresses:
        headers = web.call("GET", address).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert ("Content-Security-Policy" in headers) == address.endswith(".svg"), address


def test_a_file_is_compressed_for_whom_it_is_and_plain_for_others(web: Any) -> None:
    (address,) = re.findall(r'rel="stylesheet" href="([^"]+)"', web.call("GET", "/").text)
    packed = web.call("GET", address, headers={"Accept-Encoding": "gzip"})
    plain = web.call("GET", address)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Vary"].startswith("Accept-Encoding")
    assert gzip.decompress(packed.data) == plain.data
    assert b"@import" not in plain.data


def test_an_address_of_other_content_is_not_answered(web: Any) -> None:
    (address,) = re.findall(r'rel="stylesheet" href="([^"]+)"', web.call("GET", "/").text)
    other = re.sub(r"\.[0-9a-f]{12}\.", ".000000000000.", address)
    for path in (other, "/static/styles/app.css", "/static/../app.py", "/static/vendor/vendored.json"):
        assert web.call("GET", path).status_code == 404, path


def test_it_can_be_installed_and_its_worker_keeps_its_own_files_only(web: Any) -> None:
    manifest = web.call("GET", "/manifest.webmanifest").get_json()
    for icon in manifest["icons"]:
        assert web.call("GET", icon["src"]).mimetype == icon["type"]
    worker = web.call("GET", "/service-worker.js")
    kept = json.loads(re.search(r"const FILES = (\[.*\]);", worker.text)[1])  # type: ignore[index]
    assert worker.mimetype == "text/javascript"
    assert all(web.call("GET", address).status_code == 200 for address in kept)
    assert all(address.startswith("/static/") for address in kept)


def test_a_changed_file_changes_the_addresses_of_those_that_import_it(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text('import { b } from "./b.js";')
    (tmp_path / "b.js").write_text("export const b = 1;")
    (tmp_path / "c.js").write_text('const later = () => import("./b.js");')
    before = StaticFiles(tmp_path)
    (tmp_path / "b.js").write_text("export const b = 2;")
    after = StaticFiles(tmp_path)

    assert all(before.address(name) != after.address(name) for name in ("a.js", "b.js", "c.js"))
    assert before.fingerprint() != after.fingerprint()
    assert after.needed_by("a.js") == [after.address("b.js"), after.address("a.js")]
    assert after.needed_by("c.js") == [after.address("c.js")]


@pytest.mark.parametrize("content", ['import "./a.js";', 'import "./missing.js";', 'import "../../outside.js";'])
def test_circles_and_missing_files_are_found_at_the_start(tmp_path: Path, content: str) -> None:
    (tmp_path / "a.js").write_text(content)
    with pytest.raises(BrokenReference):
        StaticFiles(tmp_path)


def test_other_peoples_code_is_what_its_list_says() -> None:
    folder = FOLDER / "vendor"
    entries = json.loads((folder / "vendored.json").read_text("utf-8"))
    for entry in entries:
        assert hashlib.sha256((folder / entry["file"]).read_bytes()).hexdigest() == entry["sha256"], entry["file"]
        assert entry["licence"] in {"MIT", "ISC", "Apache-2.0"}
        assert (folder / f"LICENSE.{entry['package'].strip('@').replace('/', '-')}").is_file()
    listed = {entry["file"] for entry in entries} | {"vendored.json"}
    assert {path.name for path in folder.iterdir() if not path.name.startswith("LICENSE.")} == listed


def test_scripts_stay_small_and_write_no_markup() -> None:
    for path in FOLDER.rglob("*.js"):
        if path.parent.name in ("vendor", "generated"):
            continue
        text = path.read_text("utf-8")
        assert text.count("\n") <= 300, path
        assert not MARKUP.search(text), path


def test_a_class_has_its_look_from_one_sheet() -> None:
    """All sheets are served as one: two that style the same class unknowingly break each other's pages."""
    sheets: dict[str, set[str]] = {}
    states: dict[str, set[str]] = {}
    for path in (FOLDER / "styles").glob("*.css"):
        sheet = re.sub(
            r"/\*.*?\*/|@media[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", path.read_text("utf-8"), flags=re.DOTALL
        )
        for selectors in re.findall(r"([^{}]+)\{", sheet):
            for name in re.findall(r"^\s*\.([\w-]+)\s*$", selectors.replace(",", "\n"), re.MULTILINE):
                sheets.setdefault(name, set()).add(path.name)
            for name in re.findall(r"(?<=[\w-])\.([\w-]+)", selectors):
                states.setdefault(name, set()).add(path.name)
    assert len(sheets) > 100
    assert {name: found for name, found in sheets.items() if len(found) > 1} == {}
    own = {name: found for name, found in sheets.items() if not found & EVERYBODYS}
    assert {
        name: states.get(name, set()) - found for name, found in own.items() if states.get(name, set()) - found
    } == {}


def test_both_languages_say_the_same_things() -> None:
    english, korean = (_keys(f"{language}*.js") for language in ("en", "ko"))
    assert list(english) == list(korean)
    for key, holes in english.items():
        assert holes == korean[key], key


def _keys(names: str) -> dict[str, list[str]]:
    """The keys of dictionaries, and what stands in the braces of each."""
    text = "\n".join(path.read_text("utf-8") for path in sorted((FOLDER / "words").glob(names)))
    pairs = re.findall(r'^  "([^"]+)": "(.*)",$', text, re.MULTILINE)
    return {key: sorted(re.findall(r"\{\w+\}", words)) for key, words in pairs}
