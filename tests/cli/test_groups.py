"""Commands are told whole and imported when they are used."""

import subprocess
import sys

import click
from click.testing import CliRunner

from cli.dead_letters import dead_letters
from cli.main import PLACES, speaktracker


def test_no_summary_is_cut_on_a_narrow_terminal() -> None:
    for group in (speaktracker, dead_letters):
        told = CliRunner().invoke(group, ["--help"], terminal_width=80).output.partition("Commands:")[2]
        assert told
        assert "..." not in told
    assert all(name in CliRunner().invoke(speaktracker, ["--help"]).output for name in PLACES)


def test_what_is_not_asked_for_is_not_imported() -> None:
    code = "import sys; from cli.main import speaktracker; speaktracker(['settings'], standalone_mode=False);"
    code += "sys.exit(', '.join(name for name in ('boto3', 'celery', 'av', 'flask') if name in sys.modules) or 0)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_an_unknown_command_is_refused() -> None:
    context = click.Context(speaktracker)
    assert speaktracker.get_command(context, "nonsense") is None
    told = CliRunner().invoke(speaktracker, ["nonsense"])
    assert told.exit_code == 2
    assert "No such command 'nonsense'" in told.output
