"""A host's clock is held against AWS's."""

import time
from types import SimpleNamespace
from typing import Any

import pytest

from shared.adapters.aws.clients import AwsClients
from shared.adapters.aws.clock_offset import ClockOffset
from shared.kernel.settings import Settings
from shared.wiring import WorkerContext

DAY = 86_400.0


def answer(date: str) -> Any:
    return SimpleNamespace(headers={"Date": date} if date else {})


@pytest.mark.parametrize(("days", "said"), [(1.0, "ahead of"), (-1.0, "behind")])
def test_a_clock_that_is_a_day_off_is_told(adapter_aws: AwsClients, days: float, said: str) -> None:
    context = WorkerContext(Settings(aws_endpoint_url=adapter_aws.sqs.meta.endpoint_url))
    context.aws.clock_offset = ClockOffset(lambda: time.time() + days * DAY)
    context.aws.sqs.list_queues()
    assert abs(context.aws.clock_offset.seconds_ahead - days * DAY) < 60
    assert context.is_clock_wrong
    [sentence] = [one for one in context._of_this_process() if "clock" in one]
    assert said in sentence


def test_a_right_clock_is_nothing_to_speak_of(adapter_aws: AwsClients) -> None:
    context = WorkerContext(Settings(aws_endpoint_url=adapter_aws.sqs.meta.endpoint_url))
    assert not context.is_clock_wrong
    context.aws.sqs.list_queues()
    assert abs(context.aws.clock_offset.seconds_ahead) < 30
    assert not context.is_clock_wrong


def test_a_date_that_cannot_be_read_says_nothing() -> None:
    for date in ("", "yesterday", "Tue, 99 Foo 2026 25:61:61 GMT"):
        offset = ClockOffset(lambda: DAY)
        offset._after_call(answer(date))
        assert offset.seconds_ahead == 0


def test_not_every_answer_is_read() -> None:
    offset = ClockOffset(lambda: DAY)
    offset._after_call(answer("Thu, 01 Jan 1970 00:00:00 GMT"))
    offset._after_call(answer("Fri, 02 Jan 1970 00:00:00 GMT"))
    assert offset.seconds_ahead == DAY
