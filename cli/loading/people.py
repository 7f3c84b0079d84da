"""Who takes part in a load: accounts of a file, or accounts made for it in the laptop's own user pool."""

import csv
import ipaddress
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import click

from cli.demo_people import PASSWORD
from cli.demo_platform import find_platform
from cli.monitoring.scraping import read_state
from shared.adapters.aws.clients import AwsClients
from shared.adapters.aws.demo_accounts import DemoAccount, create_account

AT_ONCE = 4


@dataclass(frozen=True)
class Login:
    """An account to sign in with."""

    email: str
    password: str


def require_loopback(address: str, *, anywhere: bool) -> None:
    """Return if this address may be loaded: it is this machine's own, or whoever asks says that they may.

    A name counts as this machine's own only where it is `localhost`: what any other resolves to may change.

    Raises:
        ClickException: it is another machine's, or no address of a platform.
    """
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise click.ClickException(f"{address} is no address of a platform: http://HOST:PORT is one.")
    if not anywhere and not _is_loopback(parts.hostname):
        raise click.ClickException(
            f"{address} is not this machine. Load what you operate, and say so: --beyond-this-machine."
        )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def read_logins(path: Path, count: int) -> list[Login]:
    """Read accounts from lines of `email,password`.

    Raises:
        ClickException: there are fewer than are needed, or a line is none.
    """
    with path.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.reader(lines) if row]
    if any(len(row) != 2 for row in rows):
        raise click.ClickException(f"{path}: every line must be `email,password`.")
    if len(rows) < count:
        raise click.ClickException(f"{path} has {len(rows)} accounts, {count} are needed.")
    return [Login(*row) for row in rows[:count]]


def make_logins(directory: Path, count: int) -> list[Login]:
    """Make accounts in the user pool of the platform that runs here; those of an earlier load are used again.

    Raises:
        ClickException: none runs here.
    """
    platform = find_platform(directory)
    cognito, pool = AwsClients(platform.settings).cognito, str(read_state(directory)["aws"]["userPoolId"])
    logins = [Login(f"load-{number}@example.com", PASSWORD) for number in range(count)]
    with ThreadPoolExecutor(AT_ONCE) as workers:
        list(workers.map(lambda login: create_account(cognito, pool, _account(login)), logins))
    return logins


def _account(login: Login) -> DemoAccount:
    return DemoAccount(login.email, login.email.partition("@")[0], "student", login.password)
