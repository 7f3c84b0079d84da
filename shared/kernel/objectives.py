"""What is promised in numbers: the service objectives, from which alerts, dashboards and reports are made."""

from dataclasses import dataclass

PERIOD_DAYS = 30


@dataclass(frozen=True)
class Objective:
    """So many of all within a time: `good` and `all` are counters of Prometheus, with the window left open as `%s`.

    `fast` and `slow` are multiples of the budget's even use at which somebody is woken (a long window of an hour) or
    told by day (six hours): B. Beyer et al., "The Site Reliability Workbook", 2018, chapter 5. A small multiple where
    the budget is large: more than everything cannot fail.
    """

    name: str
    promise: str
    share: float
    good: str
    all: str
    fast: float
    slow: float

    @property
    def budget(self) -> float:
        """Return the share that may fail."""
        return round(1 - self.share, 6)

    def failing(self, window: str) -> str:
        """Return PromQL for the share that failed within a window such as `5m`."""
        return f"1 - ({self.good % window}) / ({self.all % window})"


def _within(metric: str, seconds: str, selector: str = "") -> tuple[str, str]:
    told = f"{{{selector}}}" if selector else ""
    inside = ",".join(filter(None, (f'le="{seconds}"', selector)))
    return f"sum(rate({metric}_bucket{{{inside}}}[%s]))", f"sum(rate({metric}_count{told}[%s]))"


WAITING_ROUTES = (
    "/api/sentences/generate",
    "/api/stt/evaluate",
    "/api/ai/chat/start",
    "/api/ai/conversations/<conversation_id>/end",
    "/api/ai/chat/<conversation_id>/end",
    "/api/graphs/<graph_id>",
    "/api/events",
    "/api/auth/.*",
    "/ws",
    "unknown",
)
"""Routes whose answer is what a worker makes or a slow hash decides: no promise of 50 ms is made for them."""
_QUICK = f'route!~"{"|".join(WAITING_ROUTES)}"'
_ACCEPTED = _within("speaktracker_http_request_seconds", "0.05", _QUICK)
_STORED = _within("speaktracker_message_stored_seconds", "5.0")
_ANSWERED = _within("speaktracker_turn_seconds", "10.0")
_DELIVERED = _within("speaktracker_delivery_seconds", "0.2")

OBJECTIVES: tuple[Objective, ...] = (
    Objective(
        "availability",
        "99.9 % of requests are answered without a fault of ours",
        0.999,
        'sum(rate(speaktracker_http_requests_total{status!="5xx"}[%s]))',
        "sum(rate(speaktracker_http_requests_total[%s]))",
        14.4,
        6.0,
    ),
    Objective("accepted", "90 % of requests that wait for nobody are answered in 50 ms", 0.9, *_ACCEPTED, 5.0, 2.5),
    Objective("stored", "99 % of messages are stored in 5 s", 0.99, *_STORED, 14.4, 6.0),
    Objective("answered", "95 % of the AI partner's turns are answered in 10 s", 0.95, *_ANSWERED, 10.0, 4.0),
    Objective("delivered", "99 % of messages are on the sockets in 200 ms", 0.99, *_DELIVERED, 14.4, 6.0),
)
