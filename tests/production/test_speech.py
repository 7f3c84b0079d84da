"""The scorer where the extra is installed, and the word that it leaves where it is not."""

from tests.production.install import Install

WARM_UP = """
from shared.adapters.audio_guard.guard import AudioGuard
from shared.adapters.pronunciation import ModelScorer
from shared.domains.practice.errors import ScorerMissing

try:
    ModelScorer(AudioGuard()).warm_up()
    print("warm")
except ScorerMissing as problem:
    print(problem.code)
"""


def test_the_extra_has_every_model(installed_with_speech: Install) -> None:
    told = installed_with_speech.run("python", "-c", WARM_UP)
    assert told.stdout == "warm\n", told.stderr


def test_without_it_the_scorer_says_what_to_install(installed: Install) -> None:
    told = installed.run("python", "-c", WARM_UP)
    assert told.stdout.splitlines()[-1] == "SCORER_MISSING", told.stderr
    assert "pip install 'speaktracker[speech]'" in told.stdout + told.stderr
