"""Items as plain dictionaries, and the typed form in which DynamoDB takes and gives them."""

from collections.abc import Mapping
from collections.abc import Set as AnySet
from decimal import Decimal
from typing import Any

from boto3.dynamodb.types import Binary, TypeDeserializer, TypeSerializer

from shared.kernel.bounds import SMALLEST_NUMBER

METADATA = "METADATA"
"""The sort key of what an item's partition is about."""
LONGEST_PARTITION_KEY, LONGEST_SORT_KEY = 2048, 1024
"""Bytes; DynamoDB Developer Guide, "Quotas": a call with a longer key is refused."""

_serialize = TypeSerializer().serialize
_deserialize = TypeDeserializer().deserialize


def can_exist(pk: str, sk: str = "") -> bool:
    """Tell whether an item may have this key: one that is too long names nothing, which is no fault of ours."""
    return len(pk.encode()) <= LONGEST_PARTITION_KEY and len(sk.encode()) <= LONGEST_SORT_KEY


def encode(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return the typed form that DynamoDB takes; nulls and empty sets are left out, floats become decimals."""
    return {key: _serialize(_out(value)) for key, value in item.items() if not _is_absent(value)}


def encode_value(value: Any) -> dict[str, Any]:
    """Return the typed form of one value."""
    return dict(_serialize(_out(value)))


def decode(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return plain Python values; whole numbers are int, others float."""
    return {key: _back(_deserialize(value)) for key, value in item.items()}


def _is_absent(value: Any) -> bool:
    # DynamoDB knows no empty set: a set whose last member is taken out is gone.
    return value is None or (isinstance(value, AnySet) and not value)


def _out(value: Any) -> Any:
    if isinstance(value, float):
        # Nothing of ours means anything that small, and DynamoDB refuses it.
        return Decimal(repr(value)) if abs(value) >= SMALLEST_NUMBER else Decimal(0)
    if isinstance(value, Mapping):
        return {key: _out(inner) for key, inner in value.items() if not _is_absent(inner)}
    if isinstance(value, list | tuple):
        return [_out(inner) for inner in value]
    if isinstance(value, AnySet):
        return {_out(inner) for inner in value}
    return value


def _back(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {key: _back(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_back(inner) for inner in value]
    if isinstance(value, set):
        return {_back(inner) for inner in value}
    if isinstance(value, Binary):
        return value.value  # type: ignore[attr-defined]  # the stubs do not know it
    return value
