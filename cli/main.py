"""The group of all commands; a new one is a file of its own and a line at the end of this one."""

import click

from cli.contracts import contracts
from cli.dead_letters import dead_letters
from cli.demo import demo
from cli.demo_partner import demo_partner
from cli.demo_tutor import demo_tutor
from cli.demo_voice import demo_voice
from cli.drill import drill
from cli.provision import provision
from cli.settings_page import settings
from cli.up import up


@click.group()
def speaktracker() -> None:
    """SpeakTracker: an English-speaking-practice platform, on this laptop or on AWS."""


speaktracker.add_command(up)
speaktracker.add_command(demo)
speaktracker.add_command(demo_partner)
speaktracker.add_command(demo_tutor)
speaktracker.add_command(demo_voice)
speaktracker.add_command(provision)
speaktracker.add_command(settings)
speaktracker.add_command(contracts)
speaktracker.add_command(dead_letters)
speaktracker.add_command(drill)
