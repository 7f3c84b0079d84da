"""The page of settings: current, complete, and refused when it is not."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.main import speaktracker
from cli.settings_page import PAGE, settings_page
from shared.kernel.settings import Settings

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_in_the_repository_is_current() -> None:
    assert (ROOT / PAGE).read_text(encoding="utf-8") == settings_page(), "run `speaktracker settings --write`"


def test_every_setting_has_a_line_with_its_meaning() -> None:
    page = settings_page()
    for name, field in Settings.model_fields.items():
        assert f"| `{name.upper()}` |" in page
        assert field.description, name
        assert field.description in page


def test_no_secret_is_shown() -> None:
    assert Settings.model_fields["cursor_key"].default.get_secret_value() not in settings_page()


def test_a_stale_page_is_refused_until_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run = CliRunner().invoke
    assert run(speaktracker, ["settings", "--check"]).exit_code == 1
    assert run(speaktracker, ["settings", "--write"]).exit_code == 0
    assert run(speaktracker, ["settings", "--check"]).exit_code == 0
    assert run(speaktracker, ["settings"]).output == settings_page()
