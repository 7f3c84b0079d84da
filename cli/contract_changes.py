"""What changed between two documents of the API, and whether it breaks clients of the older one."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cli.schema_changes import TAKEN, TOLD, Change, Schemas

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two documents of one kind, older and newer."""

    old: Document
    new: Document

    def changes(self) -> list[Change]:
        """Return every change, those that break clients first."""
        found = {*(self._openapi() if "openapi" in self.new else self._asyncapi())}
        return sorted(found, key=lambda one: (not one.breaks, one.place, one.words))

    @property
    def is_announced(self) -> bool:
        """Tell whether the version says that old clients break: its first number is another one."""
        return _major(self.old) != _major(self.new)

    @property
    def schemas(self) -> Schemas:
        """Return both sides' schemas."""
        return Schemas(self.old["components"]["schemas"], self.new["components"]["schemas"])

    def _openapi(self) -> Iterator[Change]:
        old, new = _operations(self.old), _operations(self.new)
        yield from (Change(name, "is gone", True) for name in old.keys() - new.keys())
        yield from (Change(name, "is new", False) for name in new.keys() - old.keys())
        for name in old.keys() & new.keys():
            yield from self._operation(name, old[name], new[name])

    def _operation(self, name: str, old: Document, new: Document) -> Iterator[Change]:
        if new.get("security") and not old.get("security"):
            yield Change(name, "needs a token now", True)
        if set(new.get("x-roles", [])) - set(old.get("x-roles", [])):
            yield Change(name, "needs a role now", True)
        yield from self._parameters(name, old, new)
        yield from self._bodies(name, old.get("requestBody"), new.get("requestBody"))
        yield from self._responses(name, old["responses"], new["responses"])

    def _parameters(self, name: str, old: Document, new: Document) -> Iterator[Change]:
        before, now = _parameters(old), _parameters(new)
        for one in before.keys() - now.keys():
            yield Change(name, f"does not take {one} any more", True)
        for one in now.keys() - before.keys():
            yield Change(name, f"takes {one}", bool(now[one].get("required")))
        for one in before.keys() & now.keys():
            if now[one].get("required") and not before[one].get("required"):
                yield Change(f"{name} {one}", "is needed now", True)
            yield from self.schemas.changes(f"{name} {one}", before[one]["schema"], now[one]["schema"], TAKEN)

    def _bodies(self, name: str, old: Document | None, new: Document | None) -> Iterator[Change]:
        if old is None or new is None:
            if old is not new:
                yield Change(name, "takes no body any more" if new is None else "takes a body", bool(new is None))
            return
        if new.get("required") and not old.get("required"):
            yield Change(name, "needs a body now", True)
        yield from self._media(f"{name} body", old["content"], new["content"], TAKEN)

    def _responses(self, name: str, old: Document, new: Document) -> Iterator[Change]:
        for status in old.keys() - new.keys():
            yield Change(name, f"does not answer {status} any more", status.startswith("2"))
        for status in new.keys() - old.keys():
            yield Change(name, f"answers {status}", status.startswith("2"))
        for status in old.keys() & new.keys():
            before, now = (one[status].get("content", {}) for one in (old, new))
            yield from self._media(f"{name} {status}", before, now, TOLD)

    def _media(self, place: str, old: Document, new: Document, direction: str) -> Iterator[Change]:
        for media in old.keys() - new.keys():
            yield Change(place, f"is no {media} any more", True)
        for media in new.keys() - old.keys():
            yield Change(place, f"may be {media}", False)
        for media in old.keys() & new.keys():
            yield from self.schemas.changes(place, old[media]["schema"], new[media]["schema"], direction)

    def _asyncapi(self) -> Iterator[Change]:
        taken = {direction: _messages(self.old, direction) for direction in ("receive", "send")}
        now = {direction: _messages(self.new, direction) for direction in ("receive", "send")}
        for direction, word in (("receive", TAKEN), ("send", TOLD)):
            old, new = taken[direction], now[direction]
            yield from (Change(name, "is gone", True) for name in old.keys() - new.keys())
            yield from (Change(name, "is new", False) for name in new.keys() - old.keys())
            for name in old.keys() & new.keys():
                yield from self.schemas.changes(name, old[name], new[name], word)


def _operations(document: Document) -> dict[str, Document]:
    return {
        f"{method.upper()} {path}": call for path, calls in document["paths"].items() for method, call in calls.items()
    }


def _parameters(operation: Document) -> dict[str, Document]:
    return {f"{one['in']} {one['name']}": one for one in operation.get("parameters", []) if "name" in one}


def _messages(document: Document, direction: str) -> dict[str, Document]:
    """Return the payloads of what clients send, or of what they are told, by channel and name."""
    found: dict[str, Document] = {}
    for operation in document["operations"].values():
        heard = operation["messages"] if operation["action"] == direction else []
        if direction == "send" and "reply" in operation:
            heard = [*heard, *operation["reply"]["messages"]]
        for reference in heard:
            _, _, channel, _, name = reference["$ref"].split("/")
            found[f"{channel} {name}"] = document["components"]["messages"][name]["payload"]
    return found


def _major(document: Document) -> str:
    return str(document["info"]["version"]).partition(".")[0]
