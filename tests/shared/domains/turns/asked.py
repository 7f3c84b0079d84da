"""Gateways that ask for turns over ports in memory, and the worker's part where a test needs it."""

from typing import Any

from shared.adapters.memory.accounts import MemoryAccounts
from shared.adapters.memory.bus import MemoryBus
from shared.adapters.memory.conversations import MemoryConversations
from shared.adapters.memory.jobs import MemoryJobRecords
from shared.adapters.memory.kernel import MemoryJobs, SetClock
from shared.adapters.memory.takes import MemoryTakes
from shared.adapters.memory.turns import MemoryPace, MemoryRecordings, MemoryTurnLog, MemoryTurnRate
from shared.domains.conversations.models import Conversation, Scene, Turn
from shared.domains.jobs.models import JobRecord
from shared.domains.jobs.service import RecordTracker
from shared.domains.turns.contract import AnswerTurn
from shared.domains.turns.models import Answer, Asked, Ended, Student, Wish, turn_id_of
from shared.domains.turns.rules import asking
from shared.domains.turns.rules.request import Asking

MIN = Student("min", "ko")
TURN = turn_id_of("min", "r1")


class Platform:
    """What all gateways share; `asking` is one gateway's view of it."""

    def __init__(
        self, conversations: MemoryConversations | None = None, records: MemoryJobRecords | None = None
    ) -> None:
        self.clock, self.bus = SetClock(), MemoryBus()
        self.log = MemoryTurnLog(self._publish)
        self.conversations, self.records = conversations or MemoryConversations(), records or MemoryJobRecords()
        self.accounts, self.recordings = MemoryAccounts(), MemoryRecordings()
        self.rate, self.pace, self.jobs = MemoryTurnRate(), MemoryPace(), MemoryJobs()
        self.takes = MemoryTakes(self.clock)
        self.asking = Asking(
            log=self.log,
            conversations=self.conversations,
            records=self.records,
            students=self.accounts,
            recordings=self.recordings,
            takes=self.takes,
            rate=self.rate,
            pace=self.pace,
            jobs=self.jobs,
            events=self.bus,
            clock=self.clock,
        )
        self.tracker = RecordTracker(self.records, self.bus, self.clock)

    def _publish(self, topic: str, parcel: bytes) -> None:
        for one in self.bus.subscriptions:
            if topic in one.topics:
                one.deliver(topic, parcel)

    @property
    def queued(self) -> list[AnswerTurn]:
        return [job for job in self.jobs.jobs if isinstance(job, AnswerTurn)]

    @property
    def identities(self) -> set[str | None]:
        """What SQS and the ledger let through of what is queued."""
        return {job.identity() for job in self.queued}

    @property
    def record(self) -> JobRecord:
        return self.records.records[TURN]

    def ask(self, message: str = "Hello", request_id: str = "r1", **fields: Any) -> Asked:
        wish = Wish(request_id, fields.get("conversation_id"), message)
        return asking.ask(wish, fields.get("student", MIN), asking=self.asking)

    def begin_conversation(self, conversation_id: str = "c1", user_id: str = "min", **fields: Any) -> Conversation:
        scene = Scene(level="beginner", topic="food", role="waiter")
        one = Conversation(conversation_id=conversation_id, user_id=user_id, scene=scene, started_at="now", **fields)
        self.conversations.add(one)
        return one

    def store_turn(self, said: str = "Hi!", *, request_id: str = "r1", stopped: bool = False) -> Turn:
        """Store the answer of a turn that was asked for."""
        turn_id = turn_id_of("min", request_id)
        job = next(job for job in self.queued if job.turn_id == turn_id)
        found = self.conversations.conversations[job.conversation_id]
        turn = Turn(
            conversation_id=job.conversation_id,
            number=found.turn_count + 1,
            turn_id=turn_id,
            request_id=request_id,
            user_id="min",
            user_message=job.user_message or "",
            ai_message=said,
            stopped=stopped,
            audio_job_id="a1",
            sent_at=job.sent_at,
            answered_at=job.sent_at,
        )
        self.conversations.add_turn(turn)
        return turn

    def forget_log(self) -> None:
        """Lose Redis's memory."""
        self.log.turns.clear()

    def fail(self, code: str = "UNAVAILABLE", *, is_logged: bool = True) -> None:
        """Have the turn given up."""
        if is_logged:
            self.log.end(TURN, Answer.failure(code, "c1"))
        self.tracker.fail(TURN, code)


def completed(response: str, conversation_id: str | None = "c1") -> Answer:
    return Answer(conversation_id=conversation_id, response=response, status=Ended.COMPLETED)


def statuses(platform: Platform) -> list[tuple[str, str | None]]:
    """Return what the student was pushed of jobs: status and stage."""
    events: list[Any] = [event for topic, event, _ in platform.bus.published if topic == "user:min"]
    return [(event.status, event.stage) for event in events]
