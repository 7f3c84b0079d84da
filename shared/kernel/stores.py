"""What is stored, as several domains see it; every method raises Unavailable where nobody answers in time."""

from collections.abc import Collection
from typing import Protocol, TypeVar

from shared.kernel.uploads import Signer

Item = TypeVar("Item")
Found = TypeVar("Found", covariant=True)
Status = TypeVar("Status", contravariant=True)


class Keyed(Protocol[Found]):
    """What is stored under an id."""

    def get(self, item_id: str, /) -> Found | None:
        """Return an item as it stands after every write so far; None where there is none."""


class Stored(Keyed[Item], Protocol[Item]):
    """What is stored under an id and never replaced as a whole."""

    def add(self, item: Item, /) -> bool:
        """Store a new item; where there is one of that id nothing changes. Tell whether it was new."""


class Records(Keyed[Item], Protocol[Item, Status]):
    """What is stored under an id and goes from one status to another, each time in one conditional step."""

    def add(self, item: Item, /) -> None:
        """Store a new item; where there is one of that id nothing changes."""

    def change(self, item: Item, /, *, only_from: Collection[Status]) -> bool:
        """Write an item over the one that is stored, where that has one of the statuses; tell whether it had."""


class History(Protocol[Item]):
    """What was said in conversations."""

    def turns_of(self, conversation_id: str, *, after: int = 0) -> list[Item]:
        """Return the turns whose number is above `after`, oldest first, at most 500."""


class Objects(Protocol):
    """The bucket."""

    def put(self, key: str, content: bytes, content_type: str) -> None:
        """Store an object, over one of the same key."""


class StoredObjects(Signer, Protocol):
    """Objects of the bucket, as they are read."""

    def get(self, key: str) -> bytes | None:
        """Return an object; None where it is not there."""

    def has(self, key: str) -> bool:
        """Tell whether it is there."""
