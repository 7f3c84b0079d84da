"""One platform for the quick forms, and one event loop that it, its relay and everybody's clients share."""

import asyncio
import os
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest

from cli.drills.scale import Scale
from cli.drills.scene import Scene, a_scene

LONG = "DRILLS_LONG"
Carry = Callable[[Callable[[Scene], Coroutine[Any, Any, Any]]], Any]


@pytest.fixture(scope="package")
def scale() -> Scale:
    """The quick form, unless the long one is asked for."""
    return Scale(bool(os.environ.get(LONG)))


@pytest.fixture(scope="package")
def on_the_scene(scale: Scale) -> Iterator[Carry]:
    """Carries out something on the platform that all drills here share, one after the other."""
    with asyncio.Runner() as runner:
        scenes = a_scene(**scale.settings)
        scene = runner.run(scenes.__aenter__())
        try:
            yield lambda act: runner.run(act(scene))
        finally:
            runner.run(scenes.__aexit__(None, None, None))
