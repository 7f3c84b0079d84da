"""What production has: an environment that holds its lock and our wheel, and nothing else."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.installing import as_pip_looks
from embedded.running import embedded_aws, embedded_redis, endpoint_url
from tests.production.install import Install

ROOT = Path(__file__).resolve().parents[2]
UV = Path(sys.executable).parent / "uv"
PLACE = ROOT / ".venv" / "production"
"""It stays, so that the next run compiles nothing again; what the lock does not name is removed each time."""
LOCK = ROOT / "requirements" / "production.txt"
SPEECH_PLACE = ROOT / ".venv" / "production-speech"
SPEECH_LOCK = ROOT / "requirements" / "speech.txt"
GRAPH_PLACE = ROOT / ".venv" / "production-graph"
GRAPH_LOCK = ROOT / "requirements" / "graph.txt"


def uv(*arguments: str | Path, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run([UV, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True)


def sync(place: Path, lock: Path) -> None:
    """Install exactly the lock: from the cache that `make install-development` filled, else from the index."""
    target = ("pip", "sync", "--python", place / "bin" / "python", "--require-hashes", lock)
    where = as_pip_looks()  # what the cache holds is known by the place that it came from
    if uv(*target, "--offline", environment=where).returncode:
        done = uv(*target, environment=where)
        assert done.returncode == 0, done.stderr


@pytest.fixture(scope="package")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    built = uv("build", "--wheel", "--offline", "--no-build-isolation", "--python", sys.executable, "-o", folder)
    assert built.returncode == 0, built.stderr
    [made] = folder.glob("*.whl")
    return made


def install(place: Path, lock: Path, wheel: Path, folder: Path) -> Install:
    made = uv("venv", "--quiet", "--allow-existing", "--python", sys.executable, place)
    assert made.returncode == 0, made.stderr
    sync(place, lock)
    done = uv("pip", "install", "--offline", "--no-deps", "--python", place / "bin" / "python", wheel)
    assert done.returncode == 0, done.stderr
    return Install(place / "bin", folder)


@pytest.fixture(scope="package")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Install:
    """The lock and the wheel, in an environment of their own."""
    return install(PLACE, LOCK, wheel, tmp_path_factory.mktemp("elsewhere"))


@pytest.fixture(scope="package")
def installed_with_speech(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Install:
    """What the speech worker has: the lock with the extra, and the wheel."""
    return install(SPEECH_PLACE, SPEECH_LOCK, wheel, tmp_path_factory.mktemp("elsewhere"))


@pytest.fixture(scope="package")
def installed_with_graph(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Install:
    """What the worker that draws graphs has: the lock with the extra, and the wheel."""
    return install(GRAPH_PLACE, GRAPH_LOCK, wheel, tmp_path_factory.mktemp("elsewhere"))


@pytest.fixture(scope="package")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The settings that lead to an AWS and a Redis; nothing is provisioned there yet."""
    folder = tmp_path_factory.mktemp("cloud")
    aws, redis = embedded_aws(folder / "aws").start(), embedded_redis(folder / "redis").start()
    yield {
        "AWS_ENDPOINT_URL": endpoint_url(aws),
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "ap-northeast-2",
        "REDIS_URL": f"redis://127.0.0.1:{redis.port}/0",
        "CURSOR_KEY": "a secret of this test's own",
    }
    aws.kill()
    redis.kill()


@pytest.fixture(scope="package")
def provisioned(installed: Install, cloud: dict[str, str]) -> dict[str, str]:
    """What `speaktracker provision` says, as settings."""
    told = installed.run("speaktracker", "provision", **cloud)
    assert told.returncode == 0, told.stderr
    found = dict(line.split("=", 1) for line in told.stdout.splitlines() if not line.startswith("#"))
    keys = f"{cloud['AWS_ENDPOINT_URL']}/{found['COGNITO_USER_POOL_ID']}/.well-known/jwks.json"
    return cloud | found | {"JWKS_URL": keys, "LONG_POLL_SECONDS": "1", "WEB_CONCURRENCY": "1"}
