"""The cluster's policy in a real Redis, and what the options derive."""

import ssl
from dataclasses import replace

import pytest

from shared.adapters.monitoring.bus import Bus
from shared.adapters.monitoring.options import MonitoringOptions, dead_letter_queue
from shared.adapters.monitoring.policy import ClusterPolicy


@pytest.fixture
def options(redis_server, request):
    return MonitoringOptions(redis_url=redis_server.url, key_prefix=f"{request.node.name}.")


@pytest.fixture
def policy(options):
    return ClusterPolicy(options)


def test_a_redis_without_memory_is_told_from_one_without_pauses(policy):
    assert policy.paused() is None
    policy.pause(["a"])
    policy.resume("a")
    assert policy.paused() == frozenset()


def test_pauses_are_kept(policy, options):
    policy.pause(["a", "b"])
    policy.resume("b")
    policy.resume("never paused")

    assert ClusterPolicy(options).paused() == {"a"}


def test_revoked_ids_are_kept_as_long_as_asked(policy, options):
    policy.revoke([])
    policy.revoke(["a", "b"])

    assert sorted(policy.revoked()) == ["a", "b"]
    assert ClusterPolicy(replace(options, revoked_for=0)).revoked() == []
    assert policy.paused() == frozenset()


def test_environments_do_not_meet(policy, options):
    policy.pause(["a"])

    assert ClusterPolicy(replace(options, key_prefix="another.")).paused() is None


@pytest.mark.parametrize(("queue", "dead"), [("tts", "tts-dlq"), ("chat.fifo", "chat-dlq.fifo")])
def test_dead_letter_queues_are_named(queue, dead):
    assert dead_letter_queue(queue) == dead


@pytest.mark.parametrize(
    ("url", "checked"),
    [
        ("rediss://host/0", ssl.CERT_REQUIRED),
        ("rediss://host/0?ssl_check_hostname=true", ssl.CERT_REQUIRED),
        ("rediss://host/0?ssl_cert_reqs=none", ssl.CERT_NONE),
    ],
)
def test_certificates_are_checked_unless_the_address_says_otherwise(url, checked):
    assert Bus(MonitoringOptions(redis_url=url)).connection().ssl["ssl_cert_reqs"] == checked


def test_an_address_without_encryption_stays_as_it_is():
    assert MonitoringOptions(redis_url="redis://host/0").redis_address == "redis://host/0"
