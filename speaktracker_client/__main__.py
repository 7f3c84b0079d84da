"""`python -m speaktracker_client`: rooms, the AI partner and practice in a terminal; and whether the service speaks."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import os
import sys
from pathlib import Path

from speaktracker_client.client import SpeakTracker
from speaktracker_client.errors import SpeakTrackerError
from speaktracker_client.terminal import checking, talking
from speaktracker_client.terminal.screen import Screen

ADDRESS = "http://127.0.0.1:8000"
PASSWORD = "SPEAKTRACKER_PASSWORD"


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 where all went well, 1 where the platform said no or did not answer."""
    asked = _parser().parse_args(arguments)
    screen = Screen()
    try:
        return asyncio.run(_run(asked, screen))
    except SpeakTrackerError as problem:
        screen.problem(problem)
        return 1
    except (KeyboardInterrupt, EOFError):
        return 0


async def _run(asked: argparse.Namespace, screen: Screen) -> int:
    async with SpeakTracker(asked.address, language=asked.language) as client:
        user = await client.login(asked.email, asked.password or os.environ.get(PASSWORD) or getpass.getpass())
        match asked.command:
            case "check":
                return await checking.check(client, screen)
            case "rooms":
                await talking.list_rooms(client, screen)
            case "room":
                await talking.talk_in_room(client, screen, asked.room, user.user_id)
            case "practice":
                await talking.practise(client, screen, asked.recording, asked.text)
            case _:
                await talking.talk_to_partner(client, screen)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m speaktracker_client", description=__doc__)
    parser.add_argument("--address", default=ADDRESS, help=f"where the platform answers ({ADDRESS})")
    parser.add_argument("--email", default="student@example.com", help="who signs in (the demo student)")
    parser.add_argument("--password", help=f"the password; else {PASSWORD}, else it is asked for")
    parser.add_argument("--language", default="en", choices=("en", "ko"), help="of the platform's sentences (en)")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    commands.add_parser("partner", help="talk to the AI partner; the default")
    commands.add_parser("rooms", help="list rooms")
    room = commands.add_parser("room", help="talk in a room")
    room.add_argument("room", help="the room's id, or the name for a new one")
    practice = commands.add_parser("practice", help="hear how a sentence was said in a recording")
    practice.add_argument("recording", type=Path, help="webm, ogg, m4a, mp3, wav or flac")
    practice.add_argument("text", help="the sentence that is said in it")
    commands.add_parser("check", help="see whether the service speaks: sign in, rooms, partner, voice")
    return parser


if __name__ == "__main__":
    sys.exit(main())
