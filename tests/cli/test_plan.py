"""What is decided before anything starts: stand-ins, ports, and whose credentials the programs see."""

from pathlib import Path

import click
import pytest

from cli.environment import platform_programs
from cli.plan import Plan, embedded_programs, make_plan
from cli.ports import choose_ports
from cli.run_directory import RunDirectory
from cli.state import state
from shared.adapters.aws.provisioner import Provisioned

PROVISIONED = Provisioned({"tts": "http://aws/tts"}, "ChatTable", "bucket", "region_pool", "client")
OUTSIDE = ("AWS_ENDPOINT_URL", "REDIS_URL", "CURSOR_KEY", "COGNITO_USER_POOL_ID", "COGNITO_CLIENT_ID", "JWKS_URL")


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in OUTSIDE:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PORT", str(choose_ports(["web"], {})["web"]))


@pytest.fixture
def directory(tmp_path: Path) -> RunDirectory:
    (tmp_path / "Procfile").write_text("web: serve\nbeat: tick\n")
    return RunDirectory(tmp_path / "run")


def plan(directory: RunDirectory, environ: dict[str, str], *, aws_itself: bool = False) -> Plan:
    return make_plan(directory, directory.path.parent, environ, aws_itself=aws_itself)


def test_everything_is_embedded_by_default(directory: RunDirectory) -> None:
    found = plan(directory, {})
    assert [program.name for program in embedded_programs(found, directory)] == ["aws", "redis"]
    assert found.settings.aws_endpoint_url == f"http://127.0.0.1:{found.ports['aws']}"
    password = directory.secret("redisPassword")
    assert found.settings.redis_url == f"redis://:{password}@127.0.0.1:{found.ports['redis']}/0"
    redis = embedded_programs(found, directory)[1]
    assert password not in redis.command
    assert redis.environment == {"REDIS_PASSWORD": password}
    assert set(found.ports) == {"aws", "redis", "supervisor", "metrics-web", "metrics-beat"}


def test_the_next_run_has_the_same_ports_and_the_same_secret(directory: RunDirectory) -> None:
    first, second = plan(directory, {}), plan(directory, {})
    assert (first.ports, first.settings.cursor_key) == (second.ports, second.settings.cursor_key)


def test_no_real_credentials_reach_an_embedded_platform(directory: RunDirectory) -> None:
    environ = {"AWS_PROFILE": "production", "AWS_ACCESS_KEY_ID": "real", "AWS_SESSION_TOKEN": "real"}
    plan(directory, environ)
    assert environ["AWS_ACCESS_KEY_ID"] == environ["AWS_SECRET_ACCESS_KEY"] == "test"
    assert not {"AWS_PROFILE", "AWS_SESSION_TOKEN"} & set(environ)


def test_no_proxy_stands_between_the_programs(directory: RunDirectory) -> None:
    environ = {"NO_PROXY": "example.com"}
    plan(directory, environ)
    assert environ["NO_PROXY"] == "example.com,127.0.0.1,localhost"
    assert environ["no_proxy"] == "127.0.0.1,localhost"


def test_programs_may_keep_what_they_compile(directory: RunDirectory) -> None:
    environ = {"PYTHONDONTWRITEBYTECODE": "1"}
    plan(directory, environ)
    assert "PYTHONDONTWRITEBYTECODE" not in environ


def test_what_is_named_outside_is_not_embedded(directory: RunDirectory, monkeypatch: pytest.MonkeyPatch) -> None:
    environ = {"AWS_ENDPOINT_URL": "http://127.0.0.1:4566", "REDIS_URL": "redis://127.0.0.1:1/2"}
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    found = plan(directory, {**environ, "AWS_ACCESS_KEY_ID": "mine"})
    assert found.embedded == []
    assert found.settings.redis_url == "redis://127.0.0.1:1/2"
    assert found.settings.aws_endpoint_url == "http://127.0.0.1:4566"


def test_aws_itself_and_a_stand_in_exclude_each_other(directory: RunDirectory) -> None:
    with pytest.raises(click.ClickException, match="unset one of both"):
        plan(directory, {"AWS_ENDPOINT_URL": "http://127.0.0.1:4566"}, aws_itself=True)


def test_programs_find_each_other_by_their_environment(directory: RunDirectory) -> None:
    found = plan(directory, {})
    web, beat = platform_programs(found, PROVISIONED, directory, {"PATH": "/bin"})
    assert (web.name, web.command, beat.name) == ("web", "serve", "beat")
    assert web.environment["METRICS_PORT"] != beat.environment["METRICS_PORT"]
    aws = found.settings.aws_endpoint_url
    assert web.environment | {
        "AWS_ENDPOINT_URL": aws,
        "JWKS_URL": f"{aws}/region_pool/.well-known/jwks.json",
        "COGNITO_USER_POOL_ID": "region_pool",
        "COGNITO_CLIENT_ID": "client",
        "LOG_FILE": str(directory.log),
        "PORT": str(found.settings.port),
        "CURSOR_KEY": directory.secret("cursorKey"),
    } == dict(web.environment)
    assert web.environment["PATH"].endswith(":/bin")


def test_the_state_tells_addresses_metrics_and_accounts(directory: RunDirectory) -> None:
    found = plan(directory, {})
    told = state(found, PROVISIONED)
    assert told["addresses"]["web"] == f"http://127.0.0.1:{found.settings.port}"
    assert told["addresses"]["webSocket"] == f"ws://127.0.0.1:{found.settings.port}/ws"
    assert told["metrics"]["beat"] == f"http://127.0.0.1:{found.ports['metrics-beat']}/metrics"
    assert [account["role"] for account in told["accounts"]] == ["student", "tutor", "tutor"]
    assert told["aws"]["queues"] == PROVISIONED.queue_urls


def test_flower_has_a_port_a_login_and_nobody_else_knows_it(directory: RunDirectory) -> None:
    (directory.path.parent / "Procfile").write_text("web: serve\nflower: watch\n")
    found = plan(directory, {})
    web, flower = platform_programs(found, PROVISIONED, directory, {"PATH": "/bin"})
    login = f"operator:{directory.secret('flowerPassword')}"
    assert found.flower == (f"http://127.0.0.1:{found.ports['flower']}", login)
    assert flower.environment["FLOWER_PORT"] == str(found.ports["flower"])
    assert flower.environment["FLOWER_BASIC_AUTH"] == login
    assert not {"FLOWER_PORT", "FLOWER_BASIC_AUTH"} & set(web.environment)
    assert state(found, PROVISIONED)["addresses"]["flower"] == found.flower[0]


def test_a_login_of_ones_own_is_kept(directory: RunDirectory, monkeypatch: pytest.MonkeyPatch) -> None:
    (directory.path.parent / "Procfile").write_text("flower: watch\n")
    monkeypatch.setenv("FLOWER_BASIC_AUTH", "me:mine")
    found = plan(directory, {"FLOWER_BASIC_AUTH": "me:mine"})
    assert found.flower is not None
    assert found.flower[1] == "me:mine"
