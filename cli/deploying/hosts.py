"""Which programs run together on one kind of host, per environment: what the groups of instances are made of."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Host:
    """A kind of host: its name, the programs that run on it, and the condition under which there is any."""

    name: str
    programs: tuple[str, ...]
    condition: str


ALONE = ("worker-persistence", "worker-tts", "worker-ai", "worker-speech", "worker-graphs", "worker-graph-results")
TOGETHER = ("dead-letters", "beat", "flower")
"""What each environment needs about once; a second beat waits for the first to be gone."""


def hosts(programs: tuple[str, ...]) -> tuple[Host, ...]:
    """Return all kinds: in prod one a worker group and one for gateways, in dev a single host that runs everything.

    Raises:
        ValueError: a program runs nowhere, or is not one of the Procfile.
    """
    apart = (Host("web", ("web",), "IsProd"), *(Host(name, (name,), "IsProd") for name in ALONE))
    found = (*apart, Host("operations", TOGETHER, "IsProd"), Host("everything", programs, "IsDev"))
    if sorted(name for host in found if host.condition == "IsProd" for name in host.programs) != sorted(programs):
        raise ValueError("each program of the Procfile must run on one kind of host: cli/deploying/hosts.py")
    return found
