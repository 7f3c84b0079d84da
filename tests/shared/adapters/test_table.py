import json
from decimal import Decimal
from typing import Any

import pytest
from boto3.dynamodb.conditions import Attr, ConditionBase, Key

from shared.adapters.dynamodb.items import decode, encode
from shared.adapters.dynamodb.table import NEW, PRESENT, ConditionFailed, Delete, Put, Table, Update
from tests.shared.adapters.concurrency import together


def an_item(number: int = 1, pk: str = "P", **fields: Any) -> dict[str, Any]:
    return {"PK": pk, "SK": f"S{number:03d}"} | fields


VALUES: dict[str, Any] = {
    "whole": 3,
    "negative": -7,
    "large": 10**30,
    "fraction": 0.1,
    "tiny": 1e-20,
    "yes": True,
    "no": False,
    "empty": "",
    "text": "한글 👋🏽",
    "bytes": b"\x00\xff",
    "words": {"a", "b"},
    "numbers": {1, 2, 0.5},
    "list": [1, 2.5, "x", None, {"deep": [0.25]}],
    "map": {"a": {"b": 1.5, "c": {7}}},
    "nothing in it": [],
}


def test_values_come_back_as_they_went(adapter_table: Table) -> None:
    adapter_table.write(Put(an_item(**VALUES)))

    assert adapter_table.get("P", "S001") == an_item(**VALUES)
    assert decode(encode(VALUES)) == VALUES


def test_what_the_table_cannot_hold_is_left_out() -> None:
    item: dict[str, Any] = {"a": None, "b": set(), "c": frozenset(), "d": {"e": None, "f": set(), "g": 1}, "h": (1, 2)}

    assert decode(encode(item)) == {"d": {"g": 1}, "h": [1, 2]}


def test_whole_numbers_are_int_however_they_were_written() -> None:
    back = decode(encode({"a": 2.0, "b": Decimal("2.50"), "c": frozenset({3.0})}))

    assert back == {"a": 2, "b": 2.5, "c": {3}}
    assert [type(one) for one in (back["a"], back["b"], *back["c"])] == [int, float, int]


def test_an_update_changes_what_it_names(adapter_table: Table) -> None:
    adapter_table.write(Put(an_item(name="old", kept="first", gone=1, dropped=2, amount=5, users={"a", "b"})))

    changed = adapter_table.write(
        Update(
            "P",
            "S001",
            put={"name": "new", "gone": None, "status": "reserved word", "with-sign.and dot": 1},
            put_if_absent={"kept": "second", "made": "now", "nothing": None},
            add={"amount": -2, "users": {"c"}, "counted": 1},
            delete={"members": {"x"}},
            remove=("dropped",),
        ),
        want="ALL_NEW",
    )

    assert changed == an_item(
        name="new",
        status="reserved word",
        kept="first",
        made="now",
        amount=3,
        users={"a", "b", "c"},
        counted=1,
    ) | {"with-sign.and dot": 1}
    assert "users" not in adapter_table.write(Update("P", "S001", delete={"users": {"a", "b", "c"}}), want="ALL_NEW")


def test_a_write_answers_with_what_was_wanted(adapter_table: Table) -> None:
    assert adapter_table.write(Put(an_item(n=1)), want="ALL_OLD") == {}
    assert adapter_table.write(Put(an_item(n=2)), want="ALL_OLD") == an_item(n=1)
    assert adapter_table.write(Update("P", "S001", add={"n": 1})) == {}
    assert adapter_table.write(Delete("P", "S001"), want="ALL_OLD") == an_item(n=3)
    assert adapter_table.get("P", "S001", consistent=False) is None


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        (NEW, False),
        (PRESENT, True),
        (Attr("n").eq(5) & Attr("name").ne("b"), True),
        (Attr("n").lt(Attr("most")), True),
        (Attr("most").lt(Attr("n")), False),
        (Attr("users").contains("a") & ~Attr("users").contains("c"), True),
        (Attr("missing").lt(3), False),
        (Attr("missing").not_exists() | Attr("n").gt(99), True),
        (Attr("fraction").between(0.4, 0.6), True),
        (Attr("name").begins_with("a") & Attr("name").is_in(["a", "c"]), True),
    ],
)
def test_a_write_happens_where_its_condition_holds(adapter_table: Table, condition: ConditionBase, holds: bool) -> None:
    item = an_item(n=5, most=6, name="a", fraction=0.5, users={"a", "b"})
    adapter_table.write(Put(item))
    update = Update("P", "S001", put={"touched": True, "name": "z"}, condition=condition)

    if holds:
        assert adapter_table.write(update, want="ALL_NEW") == item | {"touched": True, "name": "z"}
        return
    with pytest.raises(ConditionFailed) as refused:
        adapter_table.write(update)
    assert refused.value.item == item
    with pytest.raises(ConditionFailed):
        adapter_table.write(Delete("P", "S001", condition=condition))
    with pytest.raises(ConditionFailed):
        adapter_table.transact([Put(an_item(2)), update])
    assert adapter_table.query("P").items == [item]


def test_a_condition_on_what_is_not_there_fails_without_an_item(adapter_table: Table) -> None:
    with pytest.raises(ConditionFailed) as refused:
        adapter_table.write(Update("P", "none", put={"a": 1}, condition=PRESENT))

    assert refused.value.item is None


def test_a_transaction_does_all_or_nothing(adapter_table: Table) -> None:
    adapter_table.write(Put(an_item(1, n=1)))

    adapter_table.transact([Put(an_item(2), NEW), Update("P", "S001", add={"n": 1}, condition=PRESENT)])
    adapter_table.transact([Delete("P", "S001", condition=Attr("n").eq(2))])

    assert adapter_table.query("P").items == [an_item(2)]


def test_a_transaction_with_a_token_is_done_once(adapter_table: Table) -> None:
    adapter_table.write(Put(an_item(n=0)))
    for _ in range(3):
        adapter_table.transact([Update("P", "S001", add={"n": 1})], token="the same")

    assert adapter_table.get("P", "S001") == an_item(n=1)


def test_of_many_at_once_one_condition_holds(adapter_table: Table) -> None:
    outcomes = together(20, lambda number: adapter_table.write(Put(an_item(who=number), NEW)))

    assert sum(one == {} for one in outcomes) == 1
    assert sum(isinstance(one, ConditionFailed) for one in outcomes) == 19


def test_a_partition_is_read_whole_in_pages_and_in_ranges(adapter_table: Table) -> None:
    items = [an_item(number, text="x" * 90_000) for number in range(30)]
    adapter_table.batch_write(map(Put, [*items, an_item(pk="Q")]))

    def numbers(**options: Any) -> list[str]:
        return [item["SK"] for item in adapter_table.query("P", **options).items]

    whole = [item["SK"] for item in items]
    assert numbers() == numbers(consistent=True) == whole
    assert numbers(newest_first=True) == whole[::-1]
    assert numbers(sort=Key("SK").begins_with("S01")) == whole[10:20]
    assert numbers(sort=Key("SK").between("S005", "S007"), limit=2) == whole[5:7]
    assert numbers(filtered=Attr("SK").exists() & Attr("text").ne("y"), limit=25) == whole[:25]
    assert numbers(filtered=Attr("text").eq("y"), limit=2) == []


@pytest.mark.parametrize("limit", [1, 3, 5, 10, 11])
@pytest.mark.parametrize("index", [None, "GSI1"])
def test_a_list_goes_on_where_the_page_ended(adapter_table: Table, limit: int, index: str | None) -> None:
    items = [an_item(n, pk=f"P{n}" if index else "P", GSI1PK="P", GSI1SK=f"{n // 2:03d}") for n in range(10)]
    adapter_table.batch_write(map(Put, items))
    found: list[str] = []
    position, pages = None, 0
    while pages == 0 or position is not None:
        page = adapter_table.query("P", index=index, limit=limit, start=position, newest_first=True)
        position = json.loads(json.dumps(page.position))
        found += [item["SK"] for item in page.items]
        pages += 1

    assert sorted(found, reverse=True) == [item["SK"] for item in items[::-1]]
    assert pages == -(-10 // limit)


def test_a_page_goes_on_though_its_last_item_is_gone(adapter_table: Table) -> None:
    adapter_table.batch_write(Put(an_item(number)) for number in range(6))
    first = adapter_table.query("P", limit=3)
    adapter_table.write(Delete("P", "S002"))

    assert [item["SK"] for item in adapter_table.query("P", start=first.position).items] == ["S003", "S004", "S005"]


def test_many_are_written_and_read_and_the_later_of_one_key_counts(adapter_table: Table) -> None:
    items = [an_item(number) for number in range(130)]
    adapter_table.batch_write(map(Put, [*items, an_item(3, n=1)]))
    adapter_table.batch_write([Delete("P", "S000"), Put(an_item(1)), Delete("P", "S001"), Delete("P", "S001")])
    adapter_table.batch_write([])

    keys = [("P", item["SK"]) for item in items]
    found = adapter_table.batch_get([*keys, keys[5], ("P", "never")])
    assert sorted(item["SK"] for item in found) == [item["SK"] for item in items[2:]]
    assert an_item(3, n=1) in found
    assert adapter_table.batch_get([]) == []


def test_a_key_that_is_too_long_names_nothing(adapter_table: Table) -> None:
    adapter_table.write(Put({"PK": "P", "SK": "S"}))
    long = "x" * 2049

    assert adapter_table.get(long, "S") is None
    assert adapter_table.get("P", "x" * 1025, consistent=False) is None
    assert adapter_table.query(long).items == []
    assert adapter_table.query("한" * 683, index="GSI1", limit=1).items == []
    assert [item["SK"] for item in adapter_table.batch_get([(long, "S"), ("P", "S")])] == ["S"]
