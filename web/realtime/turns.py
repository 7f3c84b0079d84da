"""Connections that wait for turns of the AI partner: deltas in order as they come, and one answer in the end."""

from collections.abc import Callable
from typing import Protocol

import orjson

from shared.domains.turns.contract import MessageDelta, MessageResponse
from shared.domains.turns.errors import sentence_of
from shared.domains.turns.models import Answer, Asked, Live, Said
from shared.kernel.contract import Contract


class Asker(Protocol):
    """A user's channel, as a watch sees it."""

    @property
    def connection_id(self) -> str:
        """Return which connection it is."""

    @property
    def language(self) -> str:
        """Return the language of texts for people."""

    def answer(self, contract: Contract) -> None:
        """Send an answer to it; never blocks."""


class Following:
    """How far a turn was told: deltas in order, each once a run; a later run is told from its beginning."""

    def __init__(self) -> None:
        """Begin before any run."""
        self._run = 0
        self._told = 0
        self._early: dict[int, str] = {}

    @property
    def is_behind(self) -> bool:
        """Tell whether something was missed that only the log has."""
        return bool(self._early)

    def begin_again(self) -> None:
        """Tell the run from its beginning once more; what is due is in the log."""
        self._told = 0
        self._early.clear()

    def hear(self, said: Said) -> list[tuple[int, str]]:
        """Take what was published; return the deltas that are due."""
        deltas = {said.index: said.delta} if said.index is not None and said.delta is not None else {}
        return self._due(said.run, deltas)

    def read(self, live: Live) -> list[tuple[int, str]]:
        """Take what the log has; return the deltas that are due."""
        return self._due(live.run, dict(enumerate(live.deltas)))

    def _due(self, run: int, deltas: dict[int, str]) -> list[tuple[int, str]]:
        if run < self._run:
            return []
        if run > self._run:
            self._run = run
            self.begin_again()
        self._early |= {index: delta for index, delta in deltas.items() if index >= self._told}
        due = []
        while self._told in self._early:
            due.append((self._told, self._early.pop(self._told)))
            self._told += 1
        return due


class TurnWatch:
    """One connection that waits for one turn, on the turn's topic.

    `push` only parses and sends frames. What it misses, `behind` is called for, which has the log read.
    """

    def __init__(
        self,
        asker: Asker,
        request_id: str,
        asked: Asked,
        *,
        now: Callable[[], float],
        behind: Callable[["TurnWatch"], None],
        done: Callable[["TurnWatch"], None],
    ) -> None:
        """Wait; `done` is called once, after the answer; `now` gives seconds that only rise."""
        self.asker = asker
        self.request_id = request_id
        self.turn_id = asked.turn_id
        self.is_over = False
        self.is_joined = False
        self.began = self.news = self.asked_table = now()
        self._conversation_id = asked.conversation_id
        self._now, self._behind, self._done = now, behind, done
        self._following: Following | None = None
        self._has_read = False
        self._ending: Answer | None = None

    def stream(self) -> None:
        """Tell the deltas too, from the beginning; the next `read` begins."""
        if self._following is None:
            self._following = Following()
        self._following.begin_again()
        self._has_read = False

    def push(self, payload: bytes) -> None:
        """Take what was published of the turn; an answer waits until the deltas before it are told."""
        if self.is_over:
            return
        self.news = self._now()
        said = Said.model_validate(orjson.loads(payload), extra="ignore")
        self._ending = said.answer or self._ending
        if self._following is not None:
            self._tell(self._following.hear(said))
            if not self._has_read or self._following.is_behind:
                self._behind(self)
                return
        self._end()

    def read(self, live: Live | None) -> None:
        """Take what the log knows; None where it knows nothing, or does not answer."""
        if self.is_over:
            return
        self._has_read = True
        if live is not None and self._following is not None:
            self._tell(self._following.read(live))
        self._ending = (live.answer if live is not None else None) or self._ending
        self._end()

    def finish(self, answer: Answer) -> None:
        """Send the one answer, and wait no more; again does nothing."""
        if self.is_over:
            return
        self.is_over = True
        if answer.conversation_id is None:
            answer = answer.model_copy(update={"conversation_id": self._conversation_id})
        message = sentence_of(answer.error).localized(self.asker.language) if answer.error else None
        self.asker.answer(MessageResponse.of(self.request_id, answer, message))
        self._done(self)

    def abandon(self) -> None:
        """Wait no more, without an answer: the connection is gone."""
        self.is_over = True
        self._done(self)

    def _end(self) -> None:
        if self._ending is not None:
            self.finish(self._ending)

    def _tell(self, deltas: list[tuple[int, str]]) -> None:
        for index, delta in deltas:
            self.asker.answer(MessageDelta(request_id=self.request_id, delta=delta, index=index))
