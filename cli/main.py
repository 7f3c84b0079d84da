"""The group of all commands; a new one is a file of its own and a line in this one."""

import sys

import click
import structlog

from cli.groups import OnDemand
from shared.kernel.ending import end_quickly

PLACES = {
    "up": "cli.up:up",
    "stop": "cli.stop:stop",
    "demo": "cli.demo:demo",
    "demo-graph": "cli.demo_graph:demo_graph",
    "demo-partner": "cli.demo_partner:demo_partner",
    "demo-practice": "cli.demo_practice:demo_practice",
    "demo-tutor": "cli.demo_tutor:demo_tutor",
    "demo-voice": "cli.demo_voice:demo_voice",
    "migrate": "cli.migrate:migrate",
    "provision": "cli.provision:provision",
    "check": "cli.check:check",
    "rebuild-statistics": "cli.rebuild_statistics:rebuild_statistics",
    "security": "cli.security.command:security",
    "settings": "cli.settings_page:settings",
    "metrics": "cli.metrics_page:metrics",
    "status": "cli.status:status",
    "trace": "cli.tracing.command:trace",
    "monitoring": "cli.monitoring.command:monitoring",
    "units": "cli.deploying.command:units_command",
    "template": "cli.deploying.command:template_command",
    "privileges": "cli.deploying.privileges.page:privileges_command",
    "verify": "cli.verify:verify",
    "contracts": "cli.contracts:contracts",
    "dead-letters": "cli.dead_letters:dead_letters",
    "queues": "cli.queues:queues",
    "drill": "cli.drill:drill",
    "autoscale": "cli.scaling.autoscaling:autoscale",
    "cost": "cli.scaling.costing:cost",
    "load": "cli.loading.command:load",
    "simulate": "cli.scaling.simulating:simulate",
}


@click.group(cls=OnDemand, places=PLACES)
def speaktracker() -> None:
    """SpeakTracker: an English-speaking-practice platform, on this laptop or on AWS."""
    # what a command prints may be piped on: logs are no part of it
    end_quickly()
    structlog.configure(logger_factory=lambda *_names: structlog.PrintLogger(sys.stderr))
