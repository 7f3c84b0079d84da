"""The tools that a call offers, and whether one of them must be used."""

import re
from enum import StrEnum
from typing import Any, NamedTuple

from embedded.bedrock.refusals import invalid

_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")


class Tool(NamedTuple):
    """A tool as it is described to the model."""

    name: str
    description: str
    schema: dict[str, Any]


class Choice(StrEnum):
    """Whether the model may, must, or must use one certain tool."""

    AUTO = "auto"
    ANY = "any"
    TOOL = "tool"


class ToolUse(NamedTuple):
    """What is offered; `named` is the tool of Choice.TOOL."""

    offered: tuple[Tool, ...] = ()
    choice: Choice = Choice.AUTO
    named: str = ""

    @property
    def forced(self) -> Tool | None:
        """Return the tool that must be used: the named one, or the first where any will do."""
        if self.choice is Choice.AUTO:
            return None
        return next(tool for tool in self.offered if not self.named or tool.name == self.named)


def read_tools(configured: dict[str, Any] | None) -> ToolUse:
    """Return what a toolConfig offers.

    Raises:
        Refused: it offers nothing, a name twice, or chooses what is not there.
    """
    if configured is None:
        return ToolUse()
    blocks = [one for one in configured.get("tools") or [] if "cachePoint" not in one]
    offered = tuple(_read_tool(block, at) for at, block in enumerate(blocks))
    names = [tool.name for tool in offered]
    if not names:
        raise invalid("The toolConfig field must offer at least one tool.")
    if len(set(names)) < len(names):
        raise invalid("The toolConfig field names a tool twice. Give every tool a name of its own and try again.")
    chosen = configured.get("toolChoice") or {"auto": {}}
    choice = Choice(next(iter(chosen))) if next(iter(chosen)) in set(Choice) else Choice.AUTO
    named = str((chosen.get("tool") or {}).get("name", ""))
    if choice is Choice.TOOL and named not in names:
        raise invalid(f"The toolChoice field names the tool {named!r}, which toolConfig.tools does not offer.")
    return ToolUse(offered, choice, named)


def _read_tool(block: dict[str, Any], at: int) -> Tool:
    told = block.get("toolSpec") or {}
    name, schema = str(told.get("name", "")), (told.get("inputSchema") or {}).get("json")
    if not _NAME.fullmatch(name):
        raise invalid(f"The name at toolConfig.tools.{at}.toolSpec.name must match [a-zA-Z0-9_-]+, in 64 characters.")
    if not isinstance(schema, dict) or schema.get("type") != "object":
        raise invalid(f"The schema at toolConfig.tools.{at}.toolSpec.inputSchema.json must be of type object.")
    return Tool(name, str(told.get("description", "")), schema)
