"""Cursors are believed where they were signed by a key of ours, for the list that they belong to."""

import hashlib

import pytest
from itsdangerous import URLSafeSerializer

from shared.kernel.errors import Invalid
from shared.kernel.pages import Cursors

OLD, NEW, POSITION = "the key of last year", "the key of this year", {"before": "r1"}


def test_a_cursor_outlives_the_key_that_signed_it() -> None:
    cursor = Cursors(OLD).encode(POSITION, ["rooms"])
    assert Cursors(NEW, OLD).decode(cursor, ["rooms"]) == POSITION
    for cursors, query in ((Cursors(NEW), ["rooms"]), (Cursors(NEW, OLD), ["notes"])):
        with pytest.raises(Invalid):
            cursors.decode(cursor, query)


def test_a_cursor_is_signed_by_sha_256_and_by_the_newest_key() -> None:
    cursor = Cursors(NEW, OLD).encode(POSITION, "x")
    signer = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
    assert cursor == URLSafeSerializer(NEW, salt='"x"', signer_kwargs=signer).dumps(POSITION)
    before = URLSafeSerializer(NEW, salt='"x"').dumps(POSITION)
    assert Cursors(NEW).decode(before, "x") == POSITION
