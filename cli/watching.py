"""Watches a running platform: shows what programs log, says when one ends, tries again what was given up."""

import os
import signal
import time
from collections.abc import Iterable
from contextlib import suppress

from rich.text import Text

from cli.following import Follower, last_lines
from cli.leftovers import record
from cli.rendering import render
from cli.run_directory import RunDirectory
from cli.screen import Screen
from cli.supervisor import ProgramState, Supervisor, SupervisorGone
from shared.kernel.heartbeat import SILENT_SECONDS, Heartbeats

STATES_EVERY_SECONDS = 1.0
START_AGAIN_SECONDS = 30.0
LINES_OF_A_FAILURE = 15
OURSELVES = "up"


class Watch:
    """Shows one line for each event, and remembers which programs supervisor has given up."""

    def __init__(
        self, screen: Screen, directory: RunDirectory, supervisor: Supervisor, followed: Iterable[str]
    ) -> None:
        """Show what these programs log from now on; of all programs, when one ends."""
        self._screen, self._directory, self._supervisor = screen, directory, supervisor
        self._followers = {name: Follower(directory.program_log(name)) for name in followed}
        self._states: list[ProgramState] = []
        self._pids: dict[str, int] = {}
        self._stumbling: set[str] = set()
        self._next_states = 0.0
        self._given_up: dict[str, float] = {}
        self._heartbeats = Heartbeats()
        # supervisord and all that it starts inherit it
        os.environ["NOTIFY_SOCKET"] = self._heartbeats.address

    @property
    def given_up(self) -> set[str]:
        """Return the programs that ended at once, again and again, and wait to be tried anew."""
        return set(self._given_up)

    @property
    def not_running(self) -> list[str]:
        """Return the programs that do not run, or have not run for two seconds yet, with supervisor's word for it."""
        return [f"{state.name} ({state.state})" for state in self._states if state.state != "RUNNING"]

    def tick(self) -> None:
        """Show what is new; call it several times a second.

        Raises:
            SupervisorGone: supervisord ended.
        """
        self.show_logs()
        if time.monotonic() >= self._next_states:
            self._next_states = time.monotonic() + STATES_EVERY_SECONDS
            with suppress(OSError):  # a full disk is no reason to stop the platform
                self._directory.bound_log()
            self._look()

    def show_logs(self) -> None:
        """Show the lines that were logged since the last time."""
        for program, follower in self._followers.items():
            for line in follower.lines():
                if line.strip():
                    self._screen.show(render(program, line))

    def say(self, sentence: str, style: str = "bold") -> None:
        """Show a sentence of our own among the logs."""
        self._screen.show(render(OURSELVES, "").append(sentence, style=style))

    def close(self) -> None:
        """Let go of the logs, and of the programs' signs of life."""
        self._heartbeats.close()
        for follower in self._followers.values():
            follower.close()

    def describe_failure(self, program: str) -> str:
        """Return a sentence on a program that does not start, and the last lines that it printed."""
        lines = last_lines(self._directory.program_log(program), LINES_OF_A_FAILURE)
        said = "\n".join(f"  {render(program, line).plain}" for line in lines) or "  It printed nothing."
        return f"{program} does not start: it ends at once, each time. Its last lines:\n{said}"

    def _look(self) -> None:
        self._heartbeats.take_in()
        try:
            states = self._states = self._supervisor.states()
        except SupervisorGone:
            if self._supervisor.has_ended():
                raise
            return  # it lives and is slow, or is stopped for a while: its programs go on without it
        self._end_frozen(states)
        for state in states:
            self._tell(state)
        with suppress(OSError):
            record(self._directory, [self._supervisor.pid, *sorted(state.pid for state in states if state.pid)])

    def _tell(self, state: ProgramState) -> None:
        if state.state == "FATAL":
            self._give_up_or_start_again(state)
        elif state.state == "BACKOFF" and state.name not in self._stumbling:
            self._stumbling.add(state.name)
            self.say(f"{state.name} ended at once; it is tried again.", "yellow")
        elif state.state == "RUNNING":
            self._given_up.pop(state.name, None)
            self._stumbling.discard(state.name)
            if self._pids.setdefault(state.name, state.pid) != state.pid:
                self._pids[state.name] = state.pid
                self.say(f"{state.name} had ended and was started again (process {state.pid}).", "yellow")

    def _end_frozen(self, states: list[ProgramState]) -> None:
        """Kill what stands still, with the processes that it has started: a frozen one would keep the port."""
        names = {state.pid: state.name for state in states if state.pid}
        for pid in self._heartbeats.silent(names):
            self.say(f"{names[pid]} gives no sign of life for {SILENT_SECONDS:.0f} s; it is killed.", "red")
            with suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)

    def _give_up_or_start_again(self, state: ProgramState) -> None:
        again_at = self._given_up.get(state.name)
        if again_at is None:
            self._given_up[state.name] = time.monotonic() + START_AGAIN_SECONDS
            self._screen.show(Text(self.describe_failure(state.name), style="red"))
            self.say(f"{state.name} is tried again in {START_AGAIN_SECONDS:.0f} s.", "yellow")
        elif time.monotonic() >= again_at:
            del self._given_up[state.name]
            self._supervisor.start_again(state)
