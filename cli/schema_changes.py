"""What changed between two JSON Schemas, and whether it breaks whoever was written by the older one.

What is taken may only grow: a value that was taken must be taken still. What is told may only shrink: whoever reads it
must find what was always there, in the form that it had; more fields and more values of an enumeration are passed over.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

TAKEN, TOLD = "taken", "told"
Schema = dict[str, Any]
_LOWER_BOUNDS, _UPPER_BOUNDS = ("minimum", "minLength", "minItems"), ("maximum", "maxLength", "maxItems")


@dataclass(frozen=True, slots=True)
class Change:
    """One difference; `breaks` tells whether a client of the older document may fail by it."""

    place: str
    words: str
    breaks: bool


@dataclass(frozen=True, slots=True)
class Schemas:
    """The named schemas of both sides."""

    old: Schema
    new: Schema
    _met: set[tuple[str, str, str]] = field(default_factory=set)

    def changes(self, place: str, old: Schema, new: Schema, direction: str) -> Iterator[Change]:
        """Give every change from one schema to another; schemas that lie in themselves are looked at once."""
        met = (str(old.get("$ref")), str(new.get("$ref")), direction)
        if met[0] == met[1] != "None":
            if met in self._met:
                return
            self._met.add(met)
        before, now = self._resolved(old, self.old), self._resolved(new, self.new)
        if "anyOf" in before or "anyOf" in now:
            yield from self._alternatives(place, before, now, direction)
            return
        if before.get("type") != now.get("type"):
            yield Change(place, f"is {now.get('type')} instead of {before.get('type')}", True)
            return
        yield from _values(place, before, now, direction)
        yield from _bounds(place, before, now, direction)
        yield from self._fields(place, before, now, direction)
        if isinstance(before.get("items"), dict) and isinstance(now.get("items"), dict):
            yield from self.changes(f"{place}[]", before["items"], now["items"], direction)

    def _resolved(self, schema: Schema, named: Schema) -> Schema:
        while "$ref" in schema:
            schema = named[schema["$ref"].rpartition("/")[2]]
        return schema

    def _alternatives(self, place: str, old: Schema, new: Schema, direction: str) -> Iterator[Change]:
        """Compare what may be one of several: each that was taken must be taken, each that is told must be known."""
        before, now = old.get("anyOf", [old]), new.get("anyOf", [new])
        pairs = (before, now) if direction == TAKEN else (now, before)
        for one in pairs[0]:
            if not any(self._fits(one, other, direction) for other in pairs[1]):
                words = "is not taken any more" if direction == TAKEN else "may be told now"
                yield Change(place, f"{_words(one)} {words}", True)
        if len(before) != len(now):
            yield Change(place, f"is one of {len(now)} instead of {len(before)}", False)

    def _fits(self, one: Schema, other: Schema, direction: str) -> bool:
        old, new = (one, other) if direction == TAKEN else (other, one)
        apart = Schemas(self.old, self.new)
        return not any(change.breaks for change in apart.changes("", old, new, direction))

    def _fields(self, place: str, old: Schema, new: Schema, direction: str) -> Iterator[Change]:
        before, now = old.get("properties", {}), new.get("properties", {})
        was, needed = set(old.get("required", [])), set(new.get("required", []))
        for name in before.keys() - now.keys():
            is_taken = direction == TAKEN and new.get("additionalProperties") is not False
            yield Change(f"{place}.{name}", "is gone", not is_taken)
        for name in now.keys() - before.keys():
            yield Change(f"{place}.{name}", "is new", direction == TAKEN and name in needed)
        for name in before.keys() & now.keys():
            if direction == TAKEN and name in needed - was:
                yield Change(f"{place}.{name}", "is needed now", True)
            if direction == TOLD and name in was - needed:
                yield Change(f"{place}.{name}", "may be absent now", True)
            yield from self.changes(f"{place}.{name}", before[name], now[name], direction)


def _values(place: str, old: Schema, new: Schema, direction: str) -> Iterator[Change]:
    before, now = _named(old), _named(new)
    if before is None and now is None:
        return
    if before is None or now is None:
        yield Change(place, "has other values", (now is not None) == (direction == TAKEN))
        return
    for value in before - now:
        yield Change(place, f"is never {value} any more", direction == TAKEN)
    for value in now - before:
        yield Change(place, f"may be {value}", False)


def _named(schema: Schema) -> set[str] | None:
    values = schema.get("enum", [schema["const"]] if "const" in schema else None)
    return None if values is None else {str(value) for value in values}


def _bounds(place: str, old: Schema, new: Schema, direction: str) -> Iterator[Change]:
    for name in (*_LOWER_BOUNDS, *_UPPER_BOUNDS):
        before, now = old.get(name), new.get(name)
        if before != now:
            is_tighter = now is not None and (before is None or (now > before) == (name in _LOWER_BOUNDS))
            yield Change(place, f"{name} is {now} instead of {before}", direction == TAKEN and is_tighter)
    for name in ("pattern", "format", "additionalProperties"):
        before, now = old.get(name), new.get(name)
        if before != now and name != "additionalProperties":
            yield Change(place, f"{name} is {now} instead of {before}", direction == TAKEN and now is not None)
        elif before != now and now is False:
            yield Change(place, "refuses fields that it does not name", direction == TAKEN)


def _words(schema: Schema) -> str:
    return str(schema.get("$ref", schema.get("type", "something"))).rpartition("/")[2]
