"""The price list: what AWS charges for each thing, with where and when it was read."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

LIST = Path(__file__).with_name("prices.json")


@dataclass(frozen=True)
class Prices:
    """Prices in USD by name, in the unit that the name ends in; `unread` are those that were read nowhere of late."""

    as_of: str
    region: str
    usd: dict[str, float]
    unread: frozenset[str] = frozenset()

    def of(self, name: str) -> float:
        """Return a price.

        Raises:
            ClickException: the list has none of that name.
        """
        if name not in self.usd:
            raise click.ClickException(f"The price list has no {name}.")
        return self.usd[name]

    def instance_hour(self, instance_type: str) -> float:
        """Return the price of an hour of an instance, with its disk."""
        return self.of(f"ec2.{instance_type}.hour") + self.of("ebs.instance.hour")


def read_prices(path: Path = LIST) -> Prices:
    """Read a price list: `asOf`, `region`, and `prices` by name, each with `usd`, `source` and `seen` if it was read.

    Raises:
        ClickException: it is none.
    """
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        usd = {str(name): float(price["usd"]) for name, price in found["prices"].items()}
        unread = frozenset(name for name, price in found["prices"].items() if not price.get("seen"))
        return Prices(str(found["asOf"]), str(found["region"]), usd, unread)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
        raise click.ClickException(f"{path} is no price list: {type(problem).__name__} {problem}") from problem
