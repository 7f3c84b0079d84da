"""Rooms, the AI partner and practice, typed and read."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path

from speaktracker_client.client import SpeakTracker
from speaktracker_client.errors import InvalidRequest, NotFound, SpeakTrackerError
from speaktracker_client.models import Message
from speaktracker_client.room_connection import RoomConnection
from speaktracker_client.terminal.player import Player
from speaktracker_client.terminal.screen import Screen
from speaktracker_client.turn import Turn

COLOURS = {"correct": "green", "mispronounced": "yellow", "missed": "red", "extra": "magenta"}
NEWEST = 10


async def list_rooms(client: SpeakTracker, screen: Screen) -> None:
    """Write the newest rooms."""
    for room in (await client.rooms.list()).rooms:
        lock = "locked " if room.is_private else ""
        screen.line(f"{room.room_id}  {room.name} ({lock}{room.level}, {room.current_members}/{room.max_members})")


async def talk_in_room(client: SpeakTracker, screen: Screen, name: str, own_id: str) -> None:
    """Talk in a room until the input ends; a name that is no room's id makes a new room."""
    room_id = await _room_id(client, screen, name)
    async with client.room(room_id) as room:
        page = await client.rooms.messages(room_id, limit=NEWEST)
        for message in reversed(page.messages):
            _show(screen, message, own_id)
        hearing = asyncio.create_task(_hear(room, screen, own_id))
        try:
            async for line in screen.lines():
                if line.strip():
                    room.post(line)
            await room.drained()
        finally:
            hearing.cancel()
            with suppress(asyncio.CancelledError):
                await hearing


async def talk_to_partner(client: SpeakTracker, screen: Screen) -> None:
    """Say each typed line to the AI partner; its words come as it says them, and as sound where that can be played."""
    player = Player()
    screen.line(f"Say something in English. Sound: {player.name or 'no player found (mpv, mpg123, ffplay)'}.", "dim")
    async for line in screen.lines():
        if not line.strip():
            continue
        turn = client.stream(line, on_restart=lambda: screen.line(" …"))
        try:
            async for word in turn:
                screen.word(word, "cyan")
            screen.line()
            await _play(turn, player)
        except SpeakTrackerError as problem:
            screen.problem(problem)


async def practise(client: SpeakTracker, screen: Screen, recording: Path, text: str) -> None:
    """Write how a sentence was said, word by word."""
    result = await client.practice.evaluate(recording, text)
    for word in result.words:
        screen.word(f"{word.word} ", COLOURS.get(word.status, ""))
    screen.line()
    screen.line(f"{result.grade or '–'}  {result.overall_score:.1f}  {result.feedback}")
    for word in result.words:
        if word.hint:
            screen.line(f"  {word.word}: {word.hint}", "dim")


async def _play(turn: Turn, player: Player) -> None:
    if player.name is not None:
        async for sound in turn.sounds():
            await player.play(sound.url)


async def _room_id(client: SpeakTracker, screen: Screen, name: str) -> str:
    try:
        return (await client.rooms.show(name)).room_id
    except (NotFound, InvalidRequest):
        room = await client.rooms.create(name, "intermediate")
        screen.line(f"A new room: {room.room_id}", "dim")
        return room.room_id


async def _hear(room: RoomConnection, screen: Screen, own_id: str) -> None:
    try:
        async for one in room:
            if isinstance(one, Message):
                _show(screen, one, own_id)
    except SpeakTrackerError as problem:
        screen.problem(problem)


def _show(screen: Screen, message: Message, own_id: str) -> None:
    who = "you" if message.user_id == own_id else message.user_id[:8]
    screen.line(f"{who}: {message.content}", "dim" if message.user_id == own_id else "cyan")
