"""Which frame does what, on which kind of connection."""

from shared.catalogue import ROOM_COMMANDS, USER_COMMANDS
from shared.domains.connections.models import ConnectionKind
from shared.kernel.contract import Command
from shared.kernel.packages import modules_of
from web.realtime import handlers
from web.realtime.handlers import connections, turns
from web.realtime.handling import handlers_in
from web.realtime.session import Actions
from web.realtime.short_ways import SHORT_WAYS

HANDLERS = handlers_in(modules_of(handlers))


def _by_action(commands: tuple[type[Command], ...]) -> dict[str, type[Command]]:
    return {_action(command): command for command in commands}


def _action(command: type[Command]) -> str:
    """Return the wire name that a command's `action` field is bound to."""
    name: str = command.model_fields["action"].annotation.__args__[0]  # type: ignore[union-attr]
    return name


ACTIONS: dict[ConnectionKind, Actions] = {
    ConnectionKind.ROOM: Actions(
        _by_action(ROOM_COMMANDS),
        HANDLERS,
        connections.room_opened,
        connections.room_closed,
        quick=SHORT_WAYS,
    ),
    ConnectionKind.USER: Actions(
        _by_action(USER_COMMANDS),
        HANDLERS,
        connections.user_opened,
        connections.user_closed,
        refusals=dict.fromkeys(("sendMessage", "audioStart", "audioEnd"), turns.refused_turn),
    ),
}
