"""SQS's fair queues: on a standard queue with message groups, who has much in flight waits behind who has little.

Amazon tells the quiet from the noisy by each group's share of what is in flight, and hands out the quiet first
("Amazon SQS fair queues", developer guide). Here it is strict: each message goes to the group that has the least in
flight, the oldest first among equals. A message without a group is a group of its own.
"""

from collections import Counter, defaultdict, deque
from heapq import heapify, heappop, heappush
from typing import Any

Message = dict[str, Any]


def in_fair_order(messages: list[Message], now: float, limit: int) -> list[Message]:
    """Return the messages that may be received next, at most so many; costs the length of the queue."""
    in_flight: Counter[str] = Counter()
    waiting: defaultdict[str, deque[tuple[int, Message]]] = defaultdict(deque)
    for position, message in enumerate(messages):
        group = message.get("group_id") or f"alone:{message['id']}"
        if message["visible_at"] <= now:
            waiting[group].append((position, message))
        elif message["receive_count"] > 0:
            in_flight[group] += 1
    return _taken_in_turn(waiting, in_flight, limit)


def _taken_in_turn(
    waiting: dict[str, deque[tuple[int, Message]]], in_flight: Counter[str], limit: int
) -> list[Message]:
    line = [(in_flight[group], line[0][0], group) for group, line in waiting.items()]
    heapify(line)
    taken: list[Message] = []
    while line and len(taken) < limit:
        held, _, group = heappop(line)
        taken.append(waiting[group].popleft()[1])
        if waiting[group]:
            heappush(line, (held + 1, waiting[group][0][0], group))
    return taken
