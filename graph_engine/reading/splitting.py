"""Cuts a stream of JSON into the elements of one list, without parsing what lies between."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from graph_engine.errors import BadExport
from graph_engine.reading.bounds import DEEPEST, MEGABYTE, MOST_CONVERSATION_BYTES, MOST_TEXT_BYTES

LISTS = frozenset({"conversations", "data", "phrases", "rooms", "source_nodes"})
"""Under which keys of an object the list may lie."""

_ESCAPE = re.compile(rb"\\.", re.DOTALL)
_KEY = re.compile(rb'"((?:[^"\\]|\\.){0,64})"\s*:\s*$')
_SPACE = b" \t\r\n"
_QUOTE, _COMMA, _OPEN_LIST, _CLOSE_LIST = ord('"'), ord(","), ord("["), ord("]")


class Element(NamedTuple):
    """One element as it was written, and the key that its list lies under; empty where the list is the whole."""

    content: bytes
    key: str


class Splitter:
    """Follows brackets and strings through chunks of any size; holds one element at a time, and never more.

    A parser that meets 100 KB of `[`, or one string of 200 MB, needs gigabytes or minutes before it can complain;
    here both end at their bound. Costs about 6 ms a megabyte.
    """

    def __init__(self) -> None:
        """Stand at the beginning of a document."""
        self._root = 0
        self._depth = 0
        self._is_in_string = False
        self._string_bytes = 0
        self._held = b""
        self._kept = bytearray()
        self._list_depth = 0
        self._key = ""
        self.lists = 0

    def split(self, chunks: Iterable[bytes]) -> Iterator[Element]:
        """Give the elements in their order.

        Raises:
            BadExport: too deep, too long, not JSON that may hold conversations, or broken off.
        """
        for chunk in chunks:
            yield from self._take(self._held + chunk)
        if not self._root:
            raise BadExport("empty", "The file is empty.", "파일이 비어 있습니다.")
        if self._depth or self._is_in_string or self._held:
            raise BadExport(
                "broken",
                "The JSON breaks off before its end; export it again.",
                "JSON이 중간에 끊겼습니다. 다시 내보내 주세요.",
            )

    def _take(self, text: bytes) -> Iterator[Element]:
        text = self._hold_back(text)
        if not self._root:
            text = text.lstrip(_SPACE)
            if not text:
                return
            self._begin(text[0])
        blank = _ESCAPE.sub(b"  ", text) if b"\\" in text else text
        view = np.frombuffer(blank, np.uint8)
        levels, outside = self._follow(view)
        yield from self._cut(text, view, levels, outside)

    def _hold_back(self, text: bytes) -> bytes:
        """Keep an escape that may go on in the next chunk for that one."""
        slashes = len(text) - len(text.rstrip(b"\\"))
        cut = len(text) - slashes % 2
        self._held = text[cut:]
        return text[:cut]

    def _begin(self, first: int) -> None:
        if first not in b"[{":
            raise BadExport(
                "not_json",
                "This is no JSON list of conversations, nor an object or a zip that holds one.",
                "대화 목록이 담긴 JSON이나 zip 파일이 아닙니다.",
            )
        self._root = first
        self._list_depth = 1 if first == _OPEN_LIST else 2

    def _follow(self, view: NDArray[np.uint8]) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
        """Return the depth behind each byte, and which bytes are outside strings."""
        quotes = view == _QUOTE
        inside = ((np.cumsum(quotes, dtype=np.int32) + self._is_in_string) & 1).astype(bool)
        self._measure_strings(np.flatnonzero(quotes), len(view))
        outside = ~inside & ~quotes
        opens = (view == _OPEN_LIST) | (view == ord("{"))
        closes = (view == _CLOSE_LIST) | (view == ord("}"))
        steps = np.where(outside, opens.astype(np.int8) - closes.astype(np.int8), 0)
        levels = np.cumsum(steps, dtype=np.int32) + self._depth
        if len(levels):
            if levels.max() > DEEPEST:
                raise BadExport(
                    "too_deep",
                    f"The JSON is nested deeper than {DEEPEST} levels.",
                    f"JSON이 {DEEPEST}단계보다 깊게 중첩되어 있습니다.",
                )
            self._depth, self._is_in_string = int(levels[-1]), bool(inside[-1])
        return levels, outside

    def _measure_strings(self, quotes: NDArray[np.intp], size: int) -> None:
        """Refuse a text that is too long; each quote begins or ends one."""
        edges = np.concatenate(([0 if self._is_in_string else -1], quotes, [size]))
        runs = np.diff(edges)[0 if self._is_in_string else 1 :: 2]
        if not len(runs):
            return
        runs = runs.copy()
        runs[0] += self._string_bytes if self._is_in_string else 0
        if runs.max() > MOST_TEXT_BYTES:
            most = MOST_TEXT_BYTES // MEGABYTE
            raise BadExport("text_too_long", f"One text is longer than {most} MB.", f"글 하나가 {most}MB보다 깁니다.")
        is_open = bool((len(quotes) + self._is_in_string) % 2)
        self._string_bytes = int(runs[-1]) if is_open else 0

    def _cut(
        self, text: bytes, view: NDArray[np.uint8], levels: NDArray[np.int32], outside: NDArray[np.bool_]
    ) -> Iterator[Element]:
        marks = outside & (
            ((view == _COMMA) & (levels <= self._list_depth))
            | ((view == _OPEN_LIST) & (levels == self._list_depth))
            | ((view == _CLOSE_LIST) & (levels == self._list_depth - 1))
        )
        begun = 0
        for place in np.flatnonzero(marks).tolist():
            element = self._piece(text[begun:place], int(view[place]), int(levels[place]))
            begun = place + 1
            if element is not None:
                yield element
        self._keep(text[begun:])

    def _piece(self, piece: bytes, mark: int, level: int) -> Element | None:
        """Take what stands before a comma or bracket; return it where it is an element of the list."""
        self._keep(piece)
        content = bytes(self._kept).strip(_SPACE)
        self._kept.clear()
        if mark == _OPEN_LIST:
            self._open(content)
            return None
        is_of_list = self._list_is_open and (level == self._list_depth or mark == _CLOSE_LIST)
        element = Element(content, self._key) if is_of_list and content else None
        if mark == _CLOSE_LIST:
            self._list_is_open = False
        return element

    _list_is_open = False

    def _open(self, before: bytes) -> None:
        if self._root == _OPEN_LIST:
            self._list_is_open = not before
        else:
            key = _KEY.search(before)
            self._key = key[1].decode("utf-8", "replace") if key else ""
            self._list_is_open = self._key in LISTS
        self.lists += self._list_is_open

    def _keep(self, piece: bytes) -> None:
        if self._list_is_open or len(self._kept) + len(piece) <= MEGABYTE:
            self._kept += piece
        else:  # what lies outside the list is of no interest, but for the key at its end
            self._kept[:] = piece[-1024:]
        if len(self._kept) > MOST_CONVERSATION_BYTES:
            size = MOST_CONVERSATION_BYTES // MEGABYTE
            raise BadExport(
                "conversation_too_large",
                f"One conversation is larger than {size} MB.",
                f"대화 하나가 {size}MB보다 큽니다.",
            )
