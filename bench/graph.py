"""`python -m bench.graph`: maps against other ways to group conversations, on labelled sets, in one run.

Each contender runs in a process of its own on one thread. "Same vectors" are the rows that the engine itself groups by.
The peers need an environment of their own (`pip install --no-deps bertopic==0.17.4`, and the rest of
bench/peers/graph-requirements.in), which `--peers` names; without it the engine alone is measured.
"""

import argparse
import json
import random
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import mean
from typing import Any, NamedTuple

from rich.console import Console
from rich.table import Table

from bench.graph_runs import Run, draw, group_by_peer, vectors
from bench.graph_sets import ENGLISH, KOREAN_AND_ENGLISH, SEEDS, LabelledSet, read_sets, three_sentences_each
from bench.graph_sizes import LARGEST, SIZES, table_of_sizes
from bench.graph_translations import own_translation_near
from graph_engine.encoders.korean import ALIGNMENT

PARTS = ("sets", "stability", "sizes", "largest")
_NEWEST = 0.05
_PEERS = (
    ("BERTopic, same vectors", "bertopic", "rows"),
    ("BERTopic, MiniLM", "bertopic", "minilm"),
    ("k-means (15), same vectors", "kmeans", "rows"),
    ("TF-IDF + Louvain", "louvain", "minilm"),
)


class Row(NamedTuple):
    """What one contender did on one set."""

    contender: str
    data: str
    ami: float
    ari: float
    run: Run


def main() -> None:
    """Measure, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data/graph"))
    parser.add_argument("--peers", help="the Python of the peers' environment")
    parser.add_argument(
        "--alignment",
        type=Path,
        default=ALIGNMENT,
        help="a Korean alignment that was not trained on the sentences of the set, without .npz and .json",
    )
    parser.add_argument("--parts", default=",".join(PARTS), help=f"which of {', '.join(PARTS)}")
    options = parser.parse_args()
    console, sets, parts = Console(width=140), read_sets(options.data), options.parts.split(",")
    with tempfile.TemporaryDirectory() as place:
        directory = Path(place)
        if "sets" in parts:
            rows = [row for data in sets for row in _measured(data, directory, options)]
            console.print(_table(rows))
            _print_held(console, rows, options, directory)
        if "stability" in parts:
            _print_stability(console, next(one for one in sets if one.name == "history"), directory)
        if "sizes" in parts:
            console.print(table_of_sizes(sets, SIZES, directory))
        if "largest" in parts:
            console.print(table_of_sizes(sets, [LARGEST], directory))


def _measured(data: LabelledSet, directory: Path, options: argparse.Namespace) -> Iterator[Row]:
    run, _ = draw(data, directory, "--alignment", str(options.alignment))
    yield _row("SpeakTracker", data, run)
    if options.peers is None:
        return
    rows = {kind: vectors(data, directory, kind, options.alignment) for kind in ("rows", "minilm")}
    for name, peer, kind in _PEERS:
        yield _row(name, data, group_by_peer(peer, data, rows[kind], directory, options.peers))


def _row(contender: str, data: LabelledSet, run: Run) -> Row:
    ami, ari = data.agreement(run.clusters)
    return Row(contender, data.name, ami, ari, run)


def _table(rows: list[Row]) -> Table:
    names = sorted({row.data for row in rows})
    table = Table(title="Agreement with people's labels (AMI; 0 is chance, 1 is all)", title_justify="left")
    for heading in ("", *names, "mean AMI", "mean ARI", "left over", "CPU s", "MB"):
        table.add_column(heading, justify="left" if not heading else "right")
    for contender in dict.fromkeys(row.contender for row in rows):
        own = {row.data: row for row in rows if row.contender == contender}
        figures = [f"{own[name].ami:.3f}" for name in names]
        runs = [row.run for row in own.values()]
        means = (mean(row.ami for row in own.values()), mean(row.ari for row in own.values()))
        table.add_row(
            contender,
            *figures,
            *(f"{value:.3f}" for value in means),
            f"{mean(run.left_over for run in runs):.0%}",
            f"{mean(run.cpu_seconds for run in runs):.1f}",
            f"{max(run.megabytes for run in runs):.0f}",
        )
    return table


def _print_held(console: Console, rows: list[Row], options: argparse.Namespace, directory: Path) -> None:
    sentences, alignment = options.data / f"{KOREAN_AND_ENGLISH}.json.gz", ("--alignment", str(options.alignment))
    own = {row.data: row.ami for row in rows if row.contender == "SpeakTracker"}
    threes = []
    for seed in range(SEEDS):
        data = three_sentences_each(sentences, seed)
        threes.append(data.agreement(draw(data, directory, *alignment)[0].clusters)[0])
    held = (
        ("AMI, five public sets", mean(own.values()), 0.775),
        ("AMI, four English sets", mean(own[name] for name in ENGLISH), 0.845),
        ("AMI, one-liners", own["questions"], 0.57),
        ("AMI, Korean + English, three sentences each", mean(threes), 0.90),
        (
            "share of translations among the 5 nearest",
            own_translation_near(options.data / "ko_en_pairs.json.gz", directory),
            0.95,
        ),
    )
    for name, value, least in held:
        console.print(f"{name}: {value:.3f} (at least {least}: {'held' if value >= least else 'NOT HELD'})")


def _print_stability(console: Console, data: LabelledSet, directory: Path) -> None:
    """Draw a set shuffled, and a set with its newest 5 % after a map without them."""
    newest = sorted(data.conversations, key=lambda one: one["create_time"])
    old = newest[: int(len(newest) * (1 - _NEWEST))]
    before = _drawn(old, directory)
    shuffled = draw(LabelledSet("", random.Random(1).sample(old, len(old)), {}), directory, threads=4)[1]
    console.print(f"Shuffled, on four threads: {'the same map' if before == shuffled else 'ANOTHER MAP'}")
    previous = directory / "previous.json"
    previous.write_text(json.dumps(before), "utf-8")
    after = _drawn(newest, directory, "--previous", str(previous))
    console.print(f"With its newest 5 %: {_share(before, after, _id):.1%} of ids kept, ", end="")
    console.print(f"{1 - _share(before, after, _place):.1%} of old nodes moved, ", end="")
    console.print(f"{_names_kept(before, after):.0%} of names kept")


def _drawn(conversations: list[dict[str, Any]], directory: Path, *options: str) -> dict[str, Any]:
    return draw(LabelledSet("", conversations, {}), directory, *options)[1]


def _id(node: dict[str, Any]) -> object:
    return node["clusterId"]


def _place(node: dict[str, Any]) -> object:
    return node["x"], node["y"]


def _share(before: dict[str, Any], after: dict[str, Any], part: Callable[[dict[str, Any]], object]) -> float:
    """Return the share of old nodes that have the same of something in both maps."""
    now = {node["origId"]: part(node) for node in after["nodes"]}
    return mean(float(part(node) == now[node["origId"]]) for node in before["nodes"])


def _names_kept(before: dict[str, Any], after: dict[str, Any]) -> float:
    now = {cluster["id"]: cluster["name"] for cluster in after["graph"]["clusters"]}
    return mean(float(cluster["name"] == now.get(cluster["id"])) for cluster in before["graph"]["clusters"])


if __name__ == "__main__":
    main()
