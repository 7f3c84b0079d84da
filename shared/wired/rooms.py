"""Which adapter serves which port of rooms."""

from functools import cached_property

from shared.adapters.bcrypt_passwords import BcryptPasswords
from shared.adapters.dynamodb.rooms import DynamoRooms, DynamoRoomTokens
from shared.adapters.rate_limits import GuessLimits, RoomsMadeLately
from shared.wired.base import Base


class RoomsParts(Base):
    """What every process has of rooms."""

    @cached_property
    def rooms(self) -> DynamoRooms:
        """Return rooms and memberships."""
        return DynamoRooms(self.table)


class RoomsInGateways(RoomsParts):
    """What the gateway has of rooms."""

    @cached_property
    def guesses(self) -> GuessLimits:
        """Return the bound on guessing room passwords."""
        return GuessLimits(self.limits)

    @cached_property
    def rooms_made(self) -> RoomsMadeLately:
        """Return the count of rooms that somebody made lately."""
        return RoomsMadeLately(self.limits)

    @cached_property
    def room_tokens(self) -> DynamoRoomTokens:
        """Return one-time tickets."""
        return DynamoRoomTokens(self.table)

    @cached_property
    def passwords(self) -> BcryptPasswords:
        """Return the hasher of room passwords."""
        return BcryptPasswords()
