"""What the dashboards show: each panel a title, a unit and its queries, each query with the name of its lines."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Panel:
    """One picture; a query is PromQL with `$window` for the time over which rates are taken, and names its lines."""

    title: str
    unit: str
    queries: tuple[tuple[str, str], ...]
    kind: str = "timeseries"


@dataclass(frozen=True)
class Dashboard:
    """One page."""

    name: str
    title: str
    panels: tuple[Panel, ...]

    def named(self) -> list[tuple[str, Panel]]:
        """Return the panels with a name of letters and hyphens each."""
        return [("-".join(re.findall(r"[a-z0-9]+", panel.title.lower())), panel) for panel in self.panels]


def _share(share: float, metric: str, by: str = "") -> str:
    labels = f"le, {by}" if by else "le"
    return f"histogram_quantile({share}, sum by ({labels}) (rate(speaktracker_{metric}_bucket[$window])))"


def _rate(metric: str, by: str = "", selector: str = "") -> str:
    told = f"{{{selector}}}" if selector else ""
    total = f"rate(speaktracker_{metric}_total{told}[$window])"
    return f"sum by ({by}) ({total})" if by else f"sum({total})"


def _latency(title: str, metric: str) -> Panel:
    return Panel(title, "s", tuple((_share(share, metric), f"p{share * 100:g}") for share in (0.5, 0.95, 0.99)))


_ROUTES = _share(0.95, "http_request_seconds", "route")
_VERSIONS = "count by (version, process) (speaktracker_build_info)"

SERVICE = Dashboard(
    "service",
    "SpeakTracker: the service",
    (
        Panel("Requests by status", "reqps", ((_rate("http_requests", "status"), "{{status}}"),)),
        Panel("Slowest routes, p95", "s", ((f"topk(8, {_ROUTES})", "{{route}}"),)),
        _latency("Messages stored after", "message_stored_seconds"),
        _latency("Answers of the AI partner after", "turn_seconds"),
        _latency("Messages on the sockets after", "delivery_seconds"),
        Panel(
            "CPU by program",
            "percentunit",
            (("sum by (program) (rate(process_cpu_seconds_total[$window]))", "{{program}}"),),
        ),
        Panel("Memory by program", "bytes", (("sum by (program) (process_resident_memory_bytes)", "{{program}}"),)),
        Panel("Redis, p99 of round trips", "s", ((_share(0.99, "redis_call_seconds"), "p99"),)),
        Panel("DynamoDB capacity", "short", ((_rate("dynamodb_capacity_units", "operation"), "{{operation}}"),)),
        Panel("AWS calls", "reqps", ((_rate("aws_calls", "service, outcome"), "{{service}} {{outcome}}"),)),
        Panel("AWS, p95", "s", ((_share(0.95, "aws_call_seconds", "service"), "{{service}}"),)),
        Panel(
            "Versions",
            "short",
            (("count by (version, process) (speaktracker_build_info)", "{{process}} {{version}}"),),
            "stat",
        ),
    ),
)
QUEUES = Dashboard(
    "queues",
    "SpeakTracker: queues and jobs",
    (
        Panel(
            "Messages that wait",
            "short",
            (('max by (queue) (speaktracker_queue_messages{state="visible"})', "{{queue}}"),),
        ),
        Panel(
            "Messages in flight",
            "short",
            (('max by (queue) (speaktracker_queue_messages{state="in_flight"})', "{{queue}}"),),
        ),
        Panel("Age of the oldest message", "s", (("max by (queue) (speaktracker_queue_oldest_seconds)", "{{queue}}"),)),
        Panel(
            "Sent and received",
            "ops",
            (
                (_rate("jobs_sent", "queue"), "{{queue}} sent"),
                (_rate("messages_received", "queue"), "{{queue}} received"),
            ),
        ),
        Panel("Runs by end", "ops", ((_rate("jobs", "outcome"), "{{outcome}}"),)),
        Panel("Runs by task", "ops", ((_rate("jobs", "task"), "{{task}}"),)),
        Panel("Run time, p95", "s", ((_share(0.95, "job_seconds", "task"), "{{task}}"),)),
        Panel("Waiting time, p95", "s", ((_share(0.95, "job_wait_seconds", "queue"), "{{queue}}"),)),
        Panel("Dead letters", "short", (("max by (state) (speaktracker_letters)", "{{state}}"),)),
        Panel(
            "Silence of the receivers", "s", (("max by (queue) (speaktracker_receiver_silence_seconds)", "{{queue}}"),)
        ),
        Panel("The transport", "ops", ((_rate("transport_events", "event"), "{{event}}"),)),
        Panel(
            "Since schedules were done",
            "s",
            (("time() - max by (schedule) (speaktracker_schedule_done_timestamp_seconds)", "{{schedule}}"),),
        ),
    ),
)
SOCKETS = Dashboard(
    "sockets",
    "SpeakTracker: sockets",
    (
        Panel("Open connections", "short", (("sum by (kind) (speaktracker_connections)", "{{kind}}"),)),
        Panel("Frames", "ops", ((_rate("frames", "action, outcome"), "{{action}} {{outcome}}"),)),
        Panel("Deliveries", "ops", ((_rate("deliveries"), "deliveries"),)),
        _latency("Delivered after", "delivery_seconds"),
        _latency("Acknowledged after", "batch_seconds"),
        Panel("Messages a job, p50", "short", ((_share(0.5, "batch_items"), "p50"),)),
        Panel("Readers too slow", "ops", ((_rate("outbox_overflows"), "closed"),)),
        Panel("Rooms told to reload", "ops", ((_rate("room_resyncs"), "rooms"),)),
    ),
)
COST = Dashboard(
    "cost",
    "SpeakTracker: the AI partner, speech and money",
    (
        Panel("USD an hour", "currencyUSD", ((f"{_rate('cost_dollars', 'service')} * 3600", "{{service}}"),)),
        Panel("Tokens", "ops", ((_rate("model_tokens", "direction"), "{{direction}}"),)),
        Panel("Characters spoken", "ops", ((_rate("spoken_characters"), "asked of Polly"),)),
        Panel("Calls under way", "short", (("sum by (service) (speaktracker_slots_in_use)", "{{service}}"),)),
        Panel("Waiting for a place, p95", "s", ((_share(0.95, "slot_wait_seconds", "service"), "{{service}}"),)),
        Panel("First word after, p95", "s", ((_share(0.95, "turn_first_delta_seconds"), "p95"),)),
        Panel("Characters that were spoken already", "ops", ((_rate("voice_characters_saved"), "saved"),)),
    ),
)
DASHBOARDS = (SERVICE, QUEUES, SOCKETS, COST)
