"""Every alarm: when it sounds, how loud, and which part of the runbook says what to do."""

from collections.abc import Iterator
from dataclasses import dataclass

from shared.catalogue import SCHEDULE
from shared.domains.operations.rules.showing import WAITED_TOO_LONG
from shared.kernel.objectives import OBJECTIVES, Objective

RUNBOOK = "docs/runbook.md"
PAGE, TICKET = "page", "ticket"
"""Somebody is woken, or told by day."""


@dataclass(frozen=True)
class Alert:
    """One alarm; `lasting` is how long it has to be true, `summary` may name labels as Prometheus' templates do."""

    name: str
    expression: str
    lasting: str
    severity: str
    summary: str

    @property
    def runbook(self) -> str:
        """Return where the runbook speaks of it."""
        return f"{RUNBOOK}#{self.name.lower()}"


def _age_rules() -> str:
    parts = (
        f'speaktracker_queue_oldest_seconds{{queue="{queue.value}"}} > {seconds:g}'
        for queue, seconds in WAITED_TOO_LONG.items()
    )
    return " or ".join(parts)


def _late_rules() -> str:
    parts = (
        f'time() - speaktracker_schedule_done_timestamp_seconds{{schedule="{entry.job.name}"}} > '
        f"{3 * entry.every_seconds + 120:g}"
        for entry in SCHEDULE
    )
    return " or ".join(parts)


ALERTS: tuple[Alert, ...] = (
    Alert(
        "DeadLetterQueueNotEmpty",
        'max by (queue) (speaktracker_queue_messages{queue=~".*-dlq(\\\\.fifo)?",state="visible"}) >= 1',
        "5m",
        PAGE,
        "{{ $labels.queue }} holds {{ $value }} messages that the sweep does not turn into letters.",
    ),
    Alert(
        "DeadLettersUnsettled",
        'sum(max by (state) (speaktracker_letters{state=~"open|parked"})) >= 1',
        "5m",
        PAGE,
        "{{ $value }} dead letters wait for a decision.",
    ),
    Alert(
        "QueueWaitsTooLong",
        _age_rules(),
        "2m",
        PAGE,
        "The oldest message of {{ $labels.queue }} has waited {{ $value | humanizeDuration }}.",
    ),
    Alert(
        "QueueUnattended",
        '(max by (queue) (speaktracker_queue_messages{state="visible"}) > 0) '
        "unless on (queue) (sum by (queue) (rate(speaktracker_messages_received_total[5m])) > 0) "
        'unless on (queue) speaktracker_queue_messages{queue=~".*-dlq(\\\\.fifo)?"}',
        "5m",
        PAGE,
        "{{ $value }} messages wait on {{ $labels.queue }} and nobody receives any.",
    ),
    Alert(
        "WorkerDeaf",
        "max by (queue, instance) (speaktracker_receiver_silence_seconds) > 60",
        "2m",
        PAGE,
        "A worker of {{ $labels.queue }} has not been answered by SQS for {{ $value | humanizeDuration }}.",
    ),
    Alert(
        "SchedulesLate",
        _late_rules(),
        "2m",
        PAGE,
        "{{ $labels.schedule }} was last done {{ $value | humanizeDuration }} ago: is there a beat?",
    ),
    Alert(
        "QueuesUnwatched",
        "absent(speaktracker_queues_polled_timestamp_seconds) or "
        "time() - max(speaktracker_queues_polled_timestamp_seconds) > 120",
        "5m",
        PAGE,
        "Nobody looks at the queues: the alarms on them are blind.",
    ),
    Alert("ProgramDown", "up == 0", "2m", PAGE, "{{ $labels.program }} at {{ $labels.instance }} tells no metrics."),
    Alert(
        "LoopBroken",
        "max by (program, instance) (speaktracker_loops_broken) > 0",
        "1m",
        PAGE,
        "A background loop of {{ $labels.program }} stands still; the process should have ended itself.",
    ),
    Alert(
        "DiskAlmostFull",
        "min(speaktracker_log_disk_free_bytes / speaktracker_log_disk_size_bytes) < 0.1",
        "5m",
        PAGE,
        "{{ $value | humanizePercentage }} of the log's disk is free.",
    ),
    Alert(
        "LogLinesLost",
        "sum by (program) (increase(speaktracker_log_lines_lost_total[10m])) > 0",
        "0m",
        TICKET,
        "{{ $labels.program }} could not write {{ $value }} log lines.",
    ),
    Alert(
        "RedisFailing",
        "sum by (program) (rate(speaktracker_redis_errors_total[5m])) > 0.1",
        "2m",
        PAGE,
        "Redis fails {{ $labels.program }} {{ $value | humanize }} times a second.",
    ),
    Alert(
        "AwsFailing",
        'sum by (service) (rate(speaktracker_aws_calls_total{outcome=~"failed|unreachable"}[5m])) '
        "/ sum by (service) (rate(speaktracker_aws_calls_total[5m])) > 0.02",
        "5m",
        PAGE,
        "{{ $value | humanizePercentage }} of the calls to {{ $labels.service }} fail.",
    ),
    Alert(
        "AwsThrottled",
        'sum by (service) (rate(speaktracker_aws_calls_total{outcome="throttled"}[5m])) > 0.1',
        "5m",
        TICKET,
        "{{ $labels.service }} throttles {{ $value | humanize }} calls a second, after all tries.",
    ),
    Alert(
        "PlacesExhausted",
        "sum by (service) (rate(speaktracker_slots_refused_total[5m])) > 0",
        "5m",
        TICKET,
        "Calls to {{ $labels.service }} find no free place.",
    ),
    Alert(
        "SpendingHigh",
        "sum(increase(speaktracker_cost_dollars_total[1h])) > 50",
        "10m",
        TICKET,
        "External services cost {{ $value | humanize }} USD in the last hour.",
    ),
    Alert(
        "MeasuringFaults",
        "sum by (program) (increase(speaktracker_measuring_faults_total[30m])) > 0",
        "0m",
        TICKET,
        "{{ $labels.program }} could not measure something: a fault of ours.",
    ),
)


def burning(objective: Objective) -> Iterator[Alert]:
    """Give the two alarms of an objective: its budget of 30 days burns so fast that it is soon gone."""
    for speed, windows, severity in (
        (objective.fast, ("1h", "5m"), PAGE),
        (objective.slow, ("6h", "30m"), TICKET),
    ):
        limit = round(speed * objective.budget, 6)
        parts = (f"speaktracker:{objective.name}:failing_{window} > {limit:g}" for window in windows)
        yield Alert(
            f"{objective.name.capitalize()}Burns{'Fast' if severity == PAGE else 'Slowly'}",
            " and ".join(parts),
            "2m" if severity == PAGE else "15m",
            severity,
            f"{objective.promise}: {{{{ $value | humanizePercentage }}}} did not, {speed:g} times the budget.",
        )


ALL: tuple[Alert, ...] = (*ALERTS, *(alert for objective in OBJECTIVES for alert in burning(objective)))
WINDOWS = ("5m", "30m", "1h", "6h")
