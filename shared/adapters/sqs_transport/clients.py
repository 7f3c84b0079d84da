"""The boto3 clients of this process: with time-outs, shared by all threads, never by two processes."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from .options import Options

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

ClientKey = tuple[str | None, str | None, float, float, int]

_building = threading.Lock()
_built: dict[ClientKey, SQSClient] = {}
_sessions: dict[str | None, boto3.Session] = {}
_watchers: set[Callable[[SQSClient], None]] = set()


def watch_clients(watch: Callable[[SQSClient], None]) -> None:
    """Show each client that is built from now on to somebody, who may count its calls; the same watcher once."""
    _watchers.add(watch)


def calling_client(options: Options) -> SQSClient:
    """The client for everything but receiving: short time-outs, a few attempts with botocore's own backoff.

    Credentials come from boto3's chain and renew themselves. Safe from any thread or greenlet.
    """
    return _client(options, options.call_timeout_seconds, options.call_attempts)


def polling_client(options: Options) -> SQSClient:
    """The client for long polls: its time-out outlasts the wait by that of a call, and it tries once.

    Without a time-out a peer that vanished without a word leaves the poll open, and the worker deaf, for ever.
    """
    return _client(options, options.wait_time_seconds + options.call_timeout_seconds, 1)


def _client(options: Options, read_timeout: float, attempts: int) -> SQSClient:
    """Build a client once a process, or take the one that was built."""
    key = (options.region, options.endpoint_url, options.connect_timeout_seconds, read_timeout, attempts)
    with _building:
        if key not in _built:
            _built[key] = _build(*key)
        return _built[key]


def _build(
    region: str | None, endpoint_url: str | None, connect_timeout: float, read_timeout: float, attempts: int
) -> SQSClient:
    """Build a client. Parameters are ours, so botocore need not validate them on every call.

    One session reads SQS's description for all clients; it must not be used by two threads at once, and is not.
    """
    config = Config(
        connect_timeout=connect_timeout,
        read_timeout=read_timeout,
        tcp_keepalive=True,
        max_pool_connections=50,
        parameter_validation=False,
        retries={"mode": "standard", "total_max_attempts": attempts},
    )
    if region not in _sessions:
        _sessions[region] = boto3.Session(region_name=region)
    client = _sessions[region].client("sqs", endpoint_url=endpoint_url, config=config)
    for watch in _watchers:
        watch(client)
    return client


def _forget_inherited() -> None:
    """Start anew after a fork: two processes on one TLS connection would read each other's answers."""
    global _building
    _building = threading.Lock()
    _built.clear()
    _sessions.clear()


os.register_at_fork(after_in_child=_forget_inherited)
