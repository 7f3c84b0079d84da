"""The built-in engine: it needs nothing, and says the same to the same conversation."""

import asyncio
import json
from collections.abc import AsyncGenerator

from embedded.bedrock.asking import Asked
from embedded.bedrock.builtin.brief import Purpose, read_brief
from embedded.bedrock.builtin.forms import KNOWN, fill
from embedded.bedrock.builtin.replies import first_message, reply, scene_of
from embedded.bedrock.builtin.reports import summary
from embedded.bedrock.builtin.transcript import transcript_of
from embedded.bedrock.engine import Piece, ToolCall
from embedded.bedrock.tools import Tool


class BuiltinEngine:
    """Answers by rules; it thinks in a thread, so that a long text holds up nobody else."""

    is_paced = False

    async def answer(self, asked: Asked) -> AsyncGenerator[Piece, None]:
        """Give the whole answer at once: the caller sets the pace."""
        tool = _chosen(asked)
        if tool is not None:
            yield ToolCall(tool.name)
            fields = await asyncio.to_thread(fill, tool, read_brief(asked.system), asked)
            yield json.dumps(fields, ensure_ascii=False)
        else:
            yield await asyncio.to_thread(_say, asked)


def _chosen(asked: Asked) -> Tool | None:
    """Return the tool to use: of several that will do, or where none has to be used, one that is known."""
    known = next((tool for tool in asked.tools.offered if tool.name in KNOWN), None)
    return asked.tools.forced if asked.tools.named else known or asked.tools.forced


def _say(asked: Asked) -> str:
    brief = read_brief(asked.system)
    if brief.purpose is Purpose.SUMMARY:
        return summary(brief, asked.system, transcript_of(asked))
    scene = scene_of(brief, asked)
    return first_message(scene) if brief.purpose is Purpose.OPENING else reply(scene)
