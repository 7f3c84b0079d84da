"""The machine's own ids and secrets."""

import re

from shared.adapters.system import RandomIds


def test_a_secret_has_192_bits_and_is_never_the_same() -> None:
    made = {RandomIds().secret() for _ in range(1000)}
    assert len(made) == 1000
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{32}", one) for one in made)
    assert len({one[0] for one in made}) > 40  # each place takes every letter


def test_an_id_is_a_uuid() -> None:
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", RandomIds().new())
