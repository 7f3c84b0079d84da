"""The whole platform on one laptop: started in order, watched, and stopped so that nothing is left."""

import os
import signal
import time
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from functools import partial

import click
import httpx

from cli.environment import platform_programs
from cli.leftovers import clean, sweep
from cli.plan import SUPERVISOR, Plan, embedded_programs
from cli.ports import is_listening
from cli.run_directory import RunDirectory
from cli.running import running
from cli.screen import Screen
from cli.state import state
from cli.stopping import Stopping
from cli.supervisor import Supervisor
from cli.watching import Watch
from shared.adapters.aws.clients import AwsClients
from shared.adapters.aws.demo_accounts import create_demo_accounts
from shared.adapters.aws.provisioner import Provisioned, Provisioner
from shared.kernel.errors import Unavailable

EMBEDDED_SECONDS = 30.0
READY_SECONDS = 300.0
STOP_SECONDS = 25.0
TICK_SECONDS = 0.2
EMBEDDED, END_POLLS_OF = "embedded", "embedded.aws"
"""The program of which SIGUSR1 ends all long polls."""


class Laptop:
    """Starts, watches and stops one platform; used once, by the main thread."""

    def __init__(
        self, plan: Plan, directory: RunDirectory, screen: Screen, stopping: Stopping, *, shows_logs: bool
    ) -> None:
        """Keep the plan; nothing is started yet."""
        self._plan, self._directory, self._stopping = plan, directory, stopping
        self._supervisor = Supervisor(directory, plan.root, plan.ports[SUPERVISOR])
        followed = [*plan.embedded, *plan.commands] if shows_logs else []
        self._watch = Watch(screen, directory, self._supervisor, followed)

    def start(self) -> None:
        """Return when the platform is ready; `state.json` is there before its first answer.

        Raises:
            ClickException: some part does not start, or the whole was not ready in 300 s.
            SupervisorGone: supervisord ended.
        """
        self._tell_start(self._plan.embedded)
        self._supervisor.start(embedded_programs(self._plan, self._directory))
        self._await_embedded()
        provisioned = self._provision()
        self._directory.write(self._directory.state.name, state(self._plan, provisioned))
        self._tell_start(self._plan.commands)
        self._supervisor.add(platform_programs(self._plan, provisioned, self._directory))
        self._await_ready()

    def watch(self) -> None:
        """Show what happens until a signal comes.

        Raises:
            Stopped: somebody asked us to stop.
            SupervisorGone: supervisord ended.
        """
        while True:
            self._watch.tick()
            time.sleep(TICK_SECONDS)

    def stop(self) -> None:
        """Stop the platform, then what stands in for AWS and Redis; after 25 s, or at a second signal, kill them."""
        self._stopping.begin()
        self._watch.say("stopping")
        supervisor = self._supervisor.pid
        started = [found for found in running().values() if supervisor and found.parent == supervisor]
        children = [found.group for found in started]
        stand_in = next((found.pid for found in started if END_POLLS_OF in found.command), 0)
        programs = [found.pid for found in started if EMBEDDED not in found.command]
        self._supervisor.terminate()
        self._until(self._supervisor.has_ended, STOP_SECONDS, partial(self._while_stopping, programs, stand_in))
        self._supervisor.kill()
        sweep(children)
        clean(self._directory)  # those of a supervisord that died before us are nobody's children
        self._watch.show_logs()
        self._watch.say("stopped; nothing is lost, the next run goes on from here")
        self._watch.close()

    def _while_stopping(self, programs: Collection[int], stand_in: int) -> None:
        """Show what is logged, and have the stand-in answer open polls, while programs that wait for them stop."""
        self._watch.show_logs()
        if stand_in and running(programs):
            with suppress(ProcessLookupError):
                os.kill(stand_in, signal.SIGUSR1)
        self._supervisor.wake()

    def _tell_start(self, programs: Iterable[str]) -> None:
        if names := ", ".join(programs):
            self._watch.say(f"starting {names}", "dim")

    def _await_embedded(self) -> None:
        for name in self._plan.embedded:
            port = self._plan.ports[name]
            listening = self._until(partial(is_listening, port), EMBEDDED_SECONDS, self._tick)
            if not listening:
                raise click.ClickException(
                    f"The embedded {name} did not listen on port {port} in {EMBEDDED_SECONDS:.0f} s."
                )

    def _provision(self) -> Provisioned:
        settings = self._plan.settings
        clients = AwsClients(settings)
        try:
            provisioned = Provisioner(clients, settings).provision()
            if not self._plan.uses_aws_itself:
                create_demo_accounts(clients.cognito, provisioned.user_pool_id)
        except Unavailable as unavailable:
            where = settings.aws_endpoint_url or "AWS"
            raise click.ClickException(f"{where} does not answer: {unavailable.__cause__}") from unavailable
        return provisioned

    def _await_ready(self) -> None:
        answers: list[str] = []
        if not self._until(lambda: self._is_ready(answers), READY_SECONDS, self._tick):
            said = f"; /readyz last said: {answers[-1]}" if answers else "; /readyz never answered"
            idle = "".join(f"; {program}" for program in self._watch.not_running)
            raise click.ClickException(f"The platform was not ready within {READY_SECONDS:.0f} s{said}{idle}.")

    def _is_ready(self, answers: list[str]) -> bool:
        if self._watch.not_running:
            return False
        try:
            answer = httpx.get(f"{self._plan.base}/readyz", timeout=2, trust_env=False)
        except httpx.HTTPError:
            return False
        answers.append(f"{answer.status_code} {answer.text[:500]}")
        return answer.status_code == httpx.codes.OK

    def _tick(self) -> None:
        self._watch.tick()
        if hopeless := self._watch.given_up:
            raise click.ClickException(f"{', '.join(sorted(hopeless))} does not start (see above).")

    def _until(self, condition: Callable[[], bool], seconds: float, between: Callable[[], None]) -> bool:
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline or self._stopping.is_urgent:
                return False
            between()
            time.sleep(TICK_SECONDS)
        return True
