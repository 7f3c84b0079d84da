"""`speaktracker provision` never touches AWS itself unless it is told to."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.main import speaktracker


def test_without_an_endpoint_it_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    result = CliRunner().invoke(speaktracker, ["provision", "--check", "--directory", str(tmp_path / "nothing")])
    assert result.exit_code == 1
    assert "Nothing runs on this laptop" in result.output
    assert not (tmp_path / "nothing").exists()
