from uuid import NAMESPACE_OID, UUID, uuid5

from hypothesis import given
from hypothesis import strategies as some

from shared.kernel.uuids import named_uuid, random_uuid


def test_random_ones_are_version_4_and_differ() -> None:
    made = [random_uuid() for _ in range(1000)]

    assert len(set(made)) == 1000
    assert all(
        str(UUID(one)) == one and UUID(one).version == 4 and UUID(one).variant == UUID(int=0, version=4).variant
        for one in made
    )


@given(some.text())
def test_named_ones_are_version_5(name: str) -> None:
    try:
        name.encode()
    except UnicodeEncodeError:
        return
    assert named_uuid(name) == str(uuid5(NAMESPACE_OID, name))
