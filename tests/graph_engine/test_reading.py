import json
from pathlib import Path
from typing import Any

import pytest

from graph_engine.errors import BadExport
from graph_engine.models import Collection
from graph_engine.reading import splitting
from graph_engine.reading.exports import read_export
from tests.graph_engine.exports import chatgpt, node, talk, text_of, zipped


@pytest.fixture
def read(tmp_path: Path) -> Any:
    def reading(content: bytes) -> Collection:
        path = tmp_path / "export"
        path.write_bytes(content)
        return read_export(path)

    return reading


def texts(collection: Collection) -> dict[str, str]:
    return {one.conversation_id: one.text for one in collection.conversations}


CLAUDE = {
    "uuid": "c1",
    "name": "",
    "created_at": "2024-05-05T10:00:00.000000Z",
    "chat_messages": [
        {"sender": "human", "text": "", "content": [{"type": "text", "text": "Hello there"}]},
        {"sender": "assistant", "text": "Good morning", "content": []},
    ],
}
ROOM = {
    "room_id": "r1",
    "messages": [
        {"sender": "mina", "text": "Shall we begin?", "created_at": "2024-05-05T10:00:00Z"},
        {"sender": "ai", "text": "Yes.", "created_at": "2024-05-05T10:01:00Z"},
        {"sender": "joon", "text": "Next day.", "created_at": "2024-05-06T10:00:00Z"},
    ],
}


def test_every_shape_of_export_is_read(read: Any) -> None:
    assert texts(read(text_of([chatgpt("g1", "Hi", "Hello")]))) == {"g1": "Hi\nHello"}
    assert texts(read(text_of([CLAUDE]))) == {"c1": "Hello there\nGood morning"}
    assert texts(read(text_of([talk("t1", "One", "Two")]))) == {"t1": "One\nTwo"}
    assert texts(read(text_of({"user": {"a": [1, {"b": "]"}]}, "conversations": [talk("t2", "One")]}))) == {"t2": "One"}
    assert texts(read(text_of({"source_nodes": [{"id": "s", "sections": [{"role": "user", "content": "N"}]}]}))) == {
        "s": "N"
    }


def test_a_zip_of_shards_is_one_export(read: Any) -> None:
    shards = {f"conversations__00{part}": text_of([chatgpt(f"g{part}", "Hi")]) for part in range(3)}

    assert list(texts(read(zipped(user=b"{}", **shards)))) == ["g0", "g1", "g2"]


def test_a_room_is_cut_at_its_long_pauses_whoever_speaks_there(read: Any) -> None:
    assert texts(read(text_of({"rooms": [ROOM]}))) == {"r1": "Shall we begin?\nYes.", "r1/2": "Next day."}


def test_only_what_is_shown_of_a_chatgpt_conversation_counts(read: Any) -> None:
    found = chatgpt("g", "Question", "Answer")
    tree = found["mapping"]
    tree["old"] = node("old", "m0", "assistant", "abandoned")
    tree["tool"] = node("tool", "m1", "tool", "tool output")
    tree["thought"] = node("thought", "tool", "assistant", "private", kind="thoughts")
    tree["secret"] = node("secret", "thought", "user", "hidden", hidden=True)
    tree["picture"] = node("picture", "secret", "user", None, kind="multimodal_text")
    tree["picture"]["message"]["content"]["parts"] = [{"asset_pointer": "x"}, None, 7, "What is this?"]
    found["current_node"] = "picture"

    assert texts(read(text_of([found]))) == {"g": "Question\nAnswer\nWhat is this?"}


def test_a_tree_with_a_cycle_or_without_its_leaf_is_read_all_the_same(read: Any) -> None:
    cycle, lost = chatgpt("cycle", "A", "B"), chatgpt("lost", "C", "D")
    cycle["mapping"]["m0"]["parent"] = "m1"
    lost["current_node"] = "nowhere"

    assert texts(read(text_of([cycle, lost]))) == {"cycle": "A\nB", "lost": "C\nD"}


def test_the_order_of_an_export_does_not_matter(read: Any) -> None:
    found = [talk("b", "B"), talk("a", "A"), talk("a", "another A"), talk("c", "C")]

    assert read(text_of(found)) == read(text_of(found[::-1]))
    assert read(text_of(found)).skipped == {"repeated_ids": 1}


def test_what_is_of_no_known_shape_is_skipped_and_counted(read: Any) -> None:
    collection = read(text_of([None, "text", 7, {"what": 1}, [1], talk("a", "A"), talk("b")]))

    assert list(texts(collection)) == ["a", "b"]
    assert collection.skipped == {"unknown": 5, "without_text": 1}


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64])
def test_elements_are_the_same_in_whatever_chunks_they_come(size: int) -> None:
    content = rb'{"x": ["no", "\"]"], "rooms" : [ {"a": "\\\" , [ \\"}, 2 , [3, {"b": "}"}],"\\\\" ], "data":[5]}'
    chunks = [content[at : at + size] for at in range(0, len(content), size)]
    found = [element.content for element in splitting.Splitter().split(chunks)]

    assert found == [rb'{"a": "\\\" , [ \\"}', b"2", b'[3, {"b": "}"}]', rb'"\\\\"', b"5"]
    assert [json.loads(one) for one in found][3] == "\\\\"


HOSTILE = {
    "empty file": (b"", "empty"),
    "spaces alone": (b" \n\t ", "empty"),
    "prose": (b"hello", "not_json"),
    "binary": (bytes(range(256)) * 9, "not_json"),
    "a page": (b"<!doctype html><html></html>", "not_json"),
    "a string": (b'"conversations"', "not_json"),
    "utf-16": ('[{"id": 1}]'.encode("utf-16"), "not_json"),
    "another object": (b'{"foo": 1}', "no_conversations"),
    "an object of objects": (b'{"conversations": {"a": {"messages": []}}}', "no_conversations"),
    "broken off in a list": (b'[{"messages": []}, ', "broken"),
    "broken off in a string": (b'[{"id": "abc', "broken"),
    "broken off in an escape": (b'[{"id": "abc\\', "broken"),
    "a comma too many inside": (b'[{"id": 1,, "messages": []}]', "broken"),
    "single quotes": (b"[{'id': 1}]", "broken"),
    "a bare word": (b"[nonsense]", "broken"),
    "unclosed bracket inside": (b'[{"messages": [}]', "broken"),
    "too many brackets closed": (b"[]]", "broken"),
    "20,000 brackets": (b"[" * 20_000, "too_deep"),
    "a million braces": (b'[{"mapping":' + b'{"a":' * 1_000_000, "too_deep"),
    "65 levels in a conversation": (b"[" + b'{"a":' * 65 + b"1" + b"}" * 65 + b"]", "too_deep"),
    "a text of 9 MB": (b'["' + b"a" * (9 << 20) + b'"]', "text_too_long"),
    "a text of 9 MB of escapes": (b'["' + b'\\"' * (5 << 20) + b'"]', "text_too_long"),
    "a zip without conversations": (zipped(other=b"[]"), "no_conversations"),
    "an empty zip": (b"PK\x05\x06" + bytes(18), "no_conversations"),
    "half a zip": (zipped(conversations=text_of([talk("a", "x" * 999)]))[:-30], "damaged_zip"),
    "a zip's beginning": (b"PK\x03\x04 and nothing more", "damaged_zip"),
    "a zip bomb": (zipped(conversations=b"[" + b" " * (60 << 20) + b"]"), "zip_bomb"),
    "prose in a zip": (zipped(conversations=b"hello"), "not_json"),
    "a CSV file": (b"id,title\r\n1,Hello\r\n", "not_json"),
    "a PDF file": (b"%PDF-1.7\n1 0 obj\n", "not_json"),
    "a number": (b"42", "not_json"),
    "nothing, in JSON": (b"null", "not_json"),
    "utf-32": ('[{"id": 1}]'.encode("utf-32"), "not_json"),
    "a list of lists, not closed": (b"[[[[", "broken"),
    "a colon that is missing": (b'[{"id" 1}]', "broken"),
    "broken off in a number": (b"[1, 2", "broken"),
    "a gzip file": (b"\x1f\x8b\x08\x00" + bytes(20), "not_json"),
    "a zip in a zip": (zipped(conversations=zipped(conversations=b"[]")), "not_json"),
    "an object broken off": (b'{"conversations": [', "broken"),
    "a zip bomb in layers of files": (zipped(**{f"conversations-{n}": b" " * (9 << 20) for n in range(3)}), "zip_bomb"),
    "1,001 files": (zipped(conversations=b"[]", **{f"f{number}": b"" for number in range(1_000)}), "too_many_files"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_or_broken_export_gets_its_sentence(name: str, read: Any) -> None:
    content, code = HOSTILE[name]
    with pytest.raises(BadExport) as refusal:
        read(content)

    assert refusal.value.code == code
    assert refusal.value.en.endswith(".")
    assert refusal.value.ko.endswith(".")


def test_a_zip_that_was_tampered_with_is_damaged(read: Any) -> None:
    content = bytearray(zipped(conversations=text_of([talk("a", *map(str, range(999)))])))
    content[len(content) // 3] ^= 0xFF
    with pytest.raises(BadExport) as refusal:
        read(bytes(content))

    assert refusal.value.code in {"damaged_zip", "broken"}


STRANGE = {
    "NUL and control characters": "a\x00b\x07c",
    "half a character": "a\ud83d b",
    "a mark that turns writing round": "a\u202eb\u2066c",
    "18 characters in one, 10,000 times": "\ufdfa" * 10_000,
    "faces": "😀" * 3_000,
    "combining marks": "e" + "\u0301" * 5_000,
    "nothing to see": "\u200b\ufeff\u2060",
    "half a megabyte": "beatles " * 60_000,
}


@pytest.mark.parametrize("name", STRANGE)
def test_strange_text_is_read_without_what_nobody_sees(name: str, read: Any) -> None:
    (found,) = read(text_of([talk(STRANGE[name], STRANGE[name])])).conversations

    for text in (found.text, found.conversation_id, found.title or ""):
        text.encode()  # no half of a character is left
        assert not set(text) & set("\x00\x07\u202e\u2066\u200b\ufeff")
    assert len(found.text) <= 6_000


@pytest.mark.parametrize("value", [None, "soon", True, [], {}, -1, 1e400, "2024-13-45", 10**30, "\x00"])
def test_times_that_are_none_are_none(value: Any, read: Any) -> None:
    content = json.dumps([{**talk("a", "A"), "create_time": value}]).encode()
    (found,) = read(content).conversations

    assert found.began_at is None


@pytest.mark.parametrize("value", [1.7e9, 1.7e12, "2023-11-14T22:13:20Z", "2023-11-15T07:13:20+09:00"])
def test_times_are_understood_in_every_form(value: Any, read: Any) -> None:
    (found,) = read(text_of([{**talk("a", "A"), "create_time": value}])).conversations

    assert found.began_at == 1.7e9


def test_fields_of_a_wrong_type_harm_nobody(read: Any) -> None:
    wrong = [None, 7, "x", [], {}, [None], {"a": None}]
    found = [
        *(
            {**chatgpt("g", "A"), field: value}
            for field in ("mapping", "current_node", "title", "conversation_id")
            for value in wrong
        ),
        *({**talk("t", "A"), field: value} for field in ("messages", "title", "id") for value in wrong),
        *({**CLAUDE, "chat_messages": [{"sender": value, "text": value, "content": value}]} for value in wrong),
    ]

    assert len(read(text_of(found)).conversations) == len(found)


def test_too_many_conversations_are_refused_while_they_are_read(read: Any) -> None:
    with pytest.raises(BadExport, match="50,000"):
        read(b"[" + b'{"messages":[]},' * 50_000 + b'{"messages":[]}]')
