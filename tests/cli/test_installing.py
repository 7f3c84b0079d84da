"""Installing by a lock: which lines pin uv, and where both look for packages."""

import re
from pathlib import Path

import pytest

from cli.installing import LOCK_WITH_UV, mebibytes_of, pinned, pip_settings, uv_environment

ROOT = Path(__file__).resolve().parents[2]


def test_uv_is_pinned_with_its_hashes_in_the_development_lock() -> None:
    lines = pinned((ROOT / LOCK_WITH_UV).read_text(encoding="utf-8"), "uv").splitlines()
    assert lines[0].startswith("uv==")
    assert len(lines) > 1
    assert all(line.strip().startswith("--hash=sha256:") for line in lines[1:])


def test_a_variable_outdoes_an_install_setting_and_that_a_general_one() -> None:
    listed = "global.index-url='a'\nglobal.cert='c'\ninstall.index-url='b'\n:env:.find-links='/wheels'\nnonsense\n"
    assert pip_settings(listed) == {"index-url": "b", "cert": "c", "find-links": "/wheels"}


def test_uv_looks_where_pip_would_unless_it_was_told_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX", "UV_FIND_LINKS", "UV_INDEX_STRATEGY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SSL_CERT_FILE", "/mine")
    found = uv_environment({"index-url": "a", "extra-index-url": "\nb\nc", "cert": "/other"})
    assert found == {"UV_INDEX_STRATEGY": "unsafe-best-match", "UV_DEFAULT_INDEX": "a", "UV_INDEX": "b c"}


def test_what_was_fetched_is_read_from_what_uv_says() -> None:
    said = [
        "Resolved 2 packages in 279ms",
        "Downloading rapidfuzz (3.0MiB)",
        " Downloaded rapidfuzz",
        "Downloading torch (1.5GiB)",
        "Downloading small (512.0KiB)",
        " + click==8.3.1",
    ]
    assert mebibytes_of(said) == 3.0 + 1.5 * 1024 + 0.5
    assert mebibytes_of(["Audited 150 packages in 12ms"]) == 0


def test_no_lock_names_an_index() -> None:
    for lock in (ROOT / "requirements").glob("*.txt"):
        assert "://" not in lock.read_text(encoding="utf-8")


def test_production_has_the_versions_that_were_tested() -> None:
    def versions(lock: Path) -> set[str]:
        return {
            line.split()[0] for line in lock.read_text(encoding="utf-8").splitlines() if re.match(r"[a-z0-9]", line)
        }

    tested = versions(ROOT / LOCK_WITH_UV)
    for lock in (ROOT / "requirements").glob("*.txt"):
        assert versions(lock) <= tested, lock.name
