"""docs/licences.md names everything that speech rests on."""

import importlib.util
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
NAMED = (ROOT / "docs" / "licences.md").read_text("utf-8")


def packages(lock: str) -> set[str]:
    return set(re.findall(r"^([a-z0-9._-]+)==", (ROOT / "requirements" / lock).read_text("utf-8"), re.M))


def test_every_package_of_the_extra_is_named() -> None:
    missing = {one for one in packages("speech.txt") - packages("production.txt") if f"`{one}`" not in NAMED}
    assert missing == set()


@pytest.mark.skipif(sys.platform != "linux", reason="wheels for other systems carry other libraries")
def test_every_library_of_the_decoder_is_named() -> None:
    found = importlib.util.find_spec("av")
    assert found is not None
    assert found.origin is not None
    libraries = {
        re.sub(r"-[0-9a-f]{8}$", "", path.name.partition(".so")[0]).removeprefix("lib")
        for path in (Path(found.origin).parents[1] / "av.libs").glob("lib*.so*")
    }
    assert len(libraries) > 20
    assert {one for one in libraries if f"`{one}`" not in NAMED} == set()
