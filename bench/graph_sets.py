"""Labelled conversations to measure maps on (shared/data/graph), and how well a partition agrees with the labels."""

import gzip
import json
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score

NOT_SCORED = "__outlier__"
ENGLISH = ("history", "questions", "roleplay", "smalltalk")
KOREAN_AND_ENGLISH = "koen"
SEEDS = 8
_TOGETHER = 3


@dataclass(frozen=True)
class LabelledSet:
    """Conversations, and the class of each by its id."""

    name: str
    conversations: list[dict[str, Any]]
    classes: dict[str, str]

    @property
    def texts(self) -> list[str]:
        """Return what was said in each, as one text."""
        return ["\n".join(message["content"] for message in one["messages"]) for one in self.conversations]

    def agreement(self, clusters: dict[str, object]) -> tuple[float, float]:
        """Return AMI and ARI of clusters by id against the classes; what has no class is not scored."""
        pairs = [(known, str(clusters[name])) for name, known in self.classes.items() if known != NOT_SCORED]
        wanted, found = zip(*pairs, strict=True)
        return float(adjusted_mutual_info_score(wanted, found)), float(adjusted_rand_score(wanted, found))


def read_sets(directory: Path) -> list[LabelledSet]:
    """Return the public sets, by name."""
    return [_read(directory / f"{name}.json.gz") for name in sorted((*ENGLISH, KOREAN_AND_ENGLISH))]


def _read(path: Path) -> LabelledSet:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        found = json.load(file)
    return LabelledSet(
        found["name"], found["conversations"], {name: label["coarse"] for name, label in found["labels"].items()}
    )


def three_sentences_each(path: Path, seed: int) -> LabelledSet:
    """Return the Korean and English sentences as conversations of three, each of one class and one language.

    Drawn without replacement: a single sentence measures mostly noise.
    """
    with gzip.open(path, "rt", encoding="utf-8") as file:
        found = json.load(file)
    dice = random.Random(seed)
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for one in found["conversations"]:
        groups[found["labels"][one["id"]]["fine"]].append(one)
    conversations, classes = [], {}
    for fine, members in sorted(groups.items()):
        for number, three in enumerate(_threes(dice.sample(members, len(members)))):
            name = f"{fine}-{number}"
            conversations.append({"id": name, "messages": [message for one in three for message in one["messages"]]})
            classes[name] = fine.partition(":")[2]
    return LabelledSet(f"three sentences {seed}", dice.sample(conversations, len(conversations)), classes)


def _threes(members: Sequence[dict[str, Any]]) -> list[Sequence[dict[str, Any]]]:
    return [members[at : at + _TOGETHER] for at in range(0, len(members) - _TOGETHER + 1, _TOGETHER)]
