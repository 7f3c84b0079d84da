"""Lists in pages, and cursors that cannot be forged or taken to another list."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from itsdangerous import BadData, URLSafeSerializer

from shared.kernel.errors import Invalid

Item = TypeVar("Item")
Position = dict[str, Any]
_DAMAGED = "The cursor is damaged or belongs to another list."


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Some items, and where the next page begins; None after the last."""

    items: list[Item]
    position: Position | None = None


class Cursors:
    """Positions as opaque text, signed for the query that they belong to (HMAC-SHA-256 by itsdangerous)."""

    def __init__(self, key: str, before: str | None = None) -> None:
        """Sign with a secret; what the one before it signed is still believed, also by SHA-1."""
        self._keys = [one for one in (before, key) if one]

    def encode(self, position: Position | None, query: object) -> str | None:
        """Return the cursor of a position within a query, None at the end."""
        return None if position is None else str(self._serializer(query).dumps(position))

    def decode(self, cursor: str | None, query: object) -> Position | None:
        """Return the position that a cursor names.

        Raises:
            Invalid: the cursor is damaged, or belongs to another query.
        """
        if cursor is None:
            return None
        try:
            position: Position = self._serializer(query).loads(cursor)
        except BadData as problem:
            details = [{"field": "cursor", "message": _DAMAGED}]
            raise Invalid(_DAMAGED, "커서가 손상되었거나 다른 목록의 것입니다.", details=details) from problem
        return position

    def _serializer(self, query: object) -> URLSafeSerializer:
        salt = json.dumps(query, sort_keys=True, default=str)
        signer = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
        return URLSafeSerializer(self._keys, salt=salt, signer_kwargs=signer, fallback_signers=[{}])
