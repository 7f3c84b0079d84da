"""A map drawn where the extra is installed, and the word that is left where it is not."""

import json

from tests.production.install import Install

DRAW = """
import json, sys
from pathlib import Path
from shared.adapters.graph_processes.drawing import ProcessMapMaker
from shared.domains.graphs.errors import ExportRefused
from shared.domains.graphs.models import Sheet

def draw():
    here = Path.cwd()
    written = (here / "graph", here / "vectors.npz", here / "meaning.npz")
    sheet = Sheet(here / "export.json", None, None, *written, sys.argv[1], None)
    return ProcessMapMaker().draw(sheet, told=lambda *_: None, is_cancelled=lambda: False)

try:
    print(draw().nodes)
except ExportRefused as refused:
    print(refused.refusal.code)
"""
TALK = (
    ("The tomatoes need water.", "Roses grow in good soil.", "I planted seeds."),
    ("The goalkeeper saved it.", "Our team won the match.", "She scored a goal."),
)
AT = "2026-12-01T00:00:00.000000Z"


def drawn(install: Install) -> str:
    messages = [[{"role": "user", "content": line} for line in lines] for lines in TALK]
    export = [{"id": f"c{number}", "messages": one} for number, one in enumerate(messages)]
    (install.folder / "export.json").write_text(json.dumps(export))
    told = install.run("python", "-c", DRAW, AT)
    return told.stdout.splitlines()[-1] if told.stdout else told.stderr


def test_the_extra_has_every_model(installed_with_graph: Install) -> None:
    built = installed_with_graph.run("python", "-m", "graph_engine.encoders.building")
    assert built.returncode == 0, built.stderr
    assert drawn(installed_with_graph) == "2"


def test_without_it_a_graph_says_what_is_missing(installed: Install) -> None:
    assert drawn(installed) == "not_installed"
