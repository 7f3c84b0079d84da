"""Everything that is measured: the table of contents of metrics, from which their page and their checks are made.

Names follow Prometheus (https://prometheus.io/docs/practices/naming/): base units, counters end in `_total` where they
are served. No label holds what a person wrote or is: each has few values, known beforehand.
"""

from dataclasses import dataclass
from enum import StrEnum

PREFIX = "speaktracker_"


class Kind(StrEnum):
    """What a measure does over time: a counter only rises, a gauge stands somewhere, a histogram is a distribution."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


class Merged(StrEnum):
    """What a gauge of several processes of one program comes to."""

    SUM = "sum"
    LARGEST = "largest"
    SMALLEST = "smallest"


@dataclass(frozen=True)
class Measure:
    """One thing that is measured, by the name that the code uses; `where` is the process types that tell it."""

    name: str
    kind: Kind
    meaning: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()
    merged: Merged = Merged.SUM
    where: str = "all"

    @property
    def served_as(self) -> str:
        """Return the name under which Prometheus finds it."""
        return f"{PREFIX}{self.name}{'_total' if self.kind is Kind.COUNTER else ''}"


QUICK = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 25.0)
"""Seconds of what people wait for; each objective (50 ms, 200 ms, 5 s, 10 s) has its own edge, or one is added."""
PUSHED = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 5.0)
CALLS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 20.0)
LONG = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 450.0)
SIZES = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)

_COUNTER, _GAUGE, _HISTOGRAM = Kind.COUNTER, Kind.GAUGE, Kind.HISTOGRAM

PROCESS = (
    Measure("build_info", _GAUGE, "1; the version and what runs.", ("version", "process"), merged=Merged.LARGEST),
    Measure("feature_info", _GAUGE, "1 where a feature is on.", ("feature",), merged=Merged.LARGEST),
    Measure("loop_faults", _COUNTER, "Faults of background loops, each of which was tried again.", ("loop",)),
    Measure("loops_broken", _GAUGE, "Background loops that stand still; such a process is not ready and ends."),
    Measure("log_lines_lost", _COUNTER, "Log lines that could not be written."),
    Measure("log_disk_free_bytes", _GAUGE, "Free on the disk of the log file.", merged=Merged.SMALLEST),
    Measure("log_disk_size_bytes", _GAUGE, "Size of the disk of the log file.", merged=Merged.LARGEST),
    Measure("measuring_faults", _COUNTER, "Measurements that failed; nothing but the measurement was lost."),
)
HTTP = (
    Measure("http_requests", _COUNTER, "Requests answered.", ("route", "method", "status"), where="web"),
    Measure("http_request_seconds", _HISTOGRAM, "From a request's head to its answer.", ("route",), QUICK, where="web"),
)
SOCKETS = (
    Measure("connections", _GAUGE, "Open connections: room, user (own channel), stream (SSE).", ("kind",), where="web"),
    Measure("frames", _COUNTER, "Frames that came in, by what became of them.", ("action", "outcome"), where="web"),
    Measure("deliveries", _COUNTER, "Pushes put on sockets.", where="web"),
    Measure(
        "delivery_seconds",
        _HISTOGRAM,
        "From the acceptance of a room's message (its createdAt) until the sockets of a gateway process have it.",
        (),
        PUSHED,
        where="web",
    ),
    Measure("outbox_overflows", _COUNTER, "Connections closed because they read too slowly.", where="web"),
    Measure("resumes", _COUNTER, "Resumes: resumed, or told to resync.", ("outcome",), where="web"),
    Measure("room_resyncs", _COUNTER, "Rooms whose connections were told to reload.", where="web"),
    Measure(
        "batch_seconds", _HISTOGRAM, "From a batch's first message until the queue has it.", (), QUICK, where="web"
    ),
    Measure("batch_items", _HISTOGRAM, "Messages that one job carries.", (), SIZES, where="web"),
)
JOBS = (
    Measure("jobs_sent", _COUNTER, "Jobs that a queue took.", ("queue",)),
    Measure("jobs_not_sent", _COUNTER, "Jobs that no queue took; their senders were told.", ("queue",)),
    Measure(
        "jobs",
        _COUNTER,
        "Runs of jobs, by how they ended: done, repeated (took effect before), retried, waited (another run lives, or "
        "something that it needs is away), given_up (its letter is written), fault (ours; it runs again).",
        ("task", "outcome"),
        where="workers",
    ),
    Measure("job_seconds", _HISTOGRAM, "How long a run took.", ("task",), LONG, where="workers"),
    Measure("job_wait_seconds", _HISTOGRAM, "From sending a job to its run.", ("queue",), LONG, where="workers"),
    Measure("messages_received", _COUNTER, "Messages received from SQS.", ("queue",), where="workers"),
    Measure(
        "receiver_silence_seconds",
        _GAUGE,
        "Since SQS last answered a receive of this queue.",
        ("queue",),
        merged=Merged.LARGEST,
        where="workers",
    ),
    Measure(
        "transport_events",
        _COUNTER,
        "What the SQS transport did: receives, renewals, deletes, releases, moves, lost leases, failures of each.",
        ("event",),
        where="workers",
    ),
    Measure(
        "schedules_late", _COUNTER, "Scheduled jobs that were late, and asked for.", ("schedule",), where="workers"
    ),
    Measure("jobs_vanished", _COUNTER, "Jobs lost with their message; their clients were told.", ("kind",)),
    Measure("dead_letters", _COUNTER, "Letters written.", ("task", "queue", "death"), where="dead-letters"),
)
QUEUES = (
    Measure(
        "queue_messages",
        _GAUGE,
        "Messages on a queue, or on its `-dlq`: visible, in_flight, delayed (approximate, as SQS counts).",
        ("queue", "state"),
        merged=Merged.LARGEST,
        where="dead-letters",
    ),
    Measure(
        "queue_oldest_seconds",
        _GAUGE,
        "Age of the oldest message of a queue.",
        ("queue",),
        merged=Merged.LARGEST,
        where="dead-letters",
    ),
    Measure("letters", _GAUGE, "Dead letters by state.", ("state",), merged=Merged.LARGEST, where="dead-letters"),
    Measure(
        "letter_group_letters",
        _GAUGE,
        "Unsettled letters of the twenty largest groups, by fingerprint.",
        ("fingerprint",),
        merged=Merged.LARGEST,
        where="dead-letters",
    ),
    Measure(
        "schedule_done_timestamp_seconds",
        _GAUGE,
        "When a scheduled job last ended well.",
        ("schedule",),
        merged=Merged.LARGEST,
        where="dead-letters",
    ),
    Measure(
        "queues_polled_timestamp_seconds",
        _GAUGE,
        "When the queues were last asked.",
        merged=Merged.LARGEST,
        where="dead-letters",
    ),
)
CLIENTS = (
    Measure("aws_call_seconds", _HISTOGRAM, "Calls to AWS, with their tries.", ("service", "operation"), CALLS),
    Measure(
        "aws_calls",
        _COUNTER,
        "Calls to AWS: ok, refused (the caller's fault), throttled, failed, unreachable.",
        ("service", "operation", "outcome"),
    ),
    Measure("aws_tries_again", _COUNTER, "Tries that failed and were followed by another.", ("service",)),
    Measure("dynamodb_capacity_units", _COUNTER, "Consumed capacity, as DynamoDB tells it.", ("operation",)),
    Measure("redis_call_seconds", _HISTOGRAM, "Round trips to Redis, each of a group of commands.", (), CALLS),
    Measure("redis_errors", _COUNTER, "Round trips that failed."),
)
EXTERNAL = (
    Measure("slots_in_use", _GAUGE, "Calls to an external service under way.", ("service",), where="workers"),
    Measure("slot_wait_seconds", _HISTOGRAM, "Waiting for a free place.", ("service",), CALLS, where="workers"),
    Measure("slots_refused", _COUNTER, "Calls for which no place became free in time.", ("service",), where="workers"),
    Measure("model_tokens", _COUNTER, "Tokens of the AI partner.", ("direction",), where="worker-ai"),
    Measure("spoken_characters", _COUNTER, "Characters that Polly was asked to speak.", where="worker-tts"),
    Measure("heard_seconds", _COUNTER, "Seconds of recordings that Transcribe was asked to hear.", where="workers"),
    Measure(
        "cost_dollars",
        _COUNTER,
        "What external services cost by the price list of the settings (USD).",
        ("service",),
        where="workers",
    ),
)
PEOPLE = (
    Measure(
        "message_stored_seconds",
        _HISTOGRAM,
        "From a message's acceptance until it is in the table.",
        (),
        QUICK,
        where="worker-persistence",
    ),
    Measure("turn_first_delta_seconds", _HISTOGRAM, "From a turn to its first word.", (), LONG, where="worker-ai"),
    Measure("turn_seconds", _HISTOGRAM, "From a turn to its answer.", (), LONG, where="worker-ai"),
    Measure("voice_characters_spoken", _COUNTER, "Characters that were spoken anew.", where="workers"),
    Measure("voice_characters_saved", _COUNTER, "Characters that were spoken already.", where="all"),
)

SECTIONS: tuple[tuple[str, tuple[Measure, ...]], ...] = (
    ("The process", PROCESS),
    ("HTTP", HTTP),
    ("Sockets", SOCKETS),
    ("Jobs", JOBS),
    ("Queues and dead letters", QUEUES),
    ("AWS and Redis", CLIENTS),
    ("External services and money", EXTERNAL),
    ("What people wait for", PEOPLE),
)
MEASURES: dict[str, Measure] = {measure.name: measure for _, section in SECTIONS for measure in section}
