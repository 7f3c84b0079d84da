"""Each drill in its quick form: nothing acknowledged is lost, and nothing is stored twice."""

import pytest

from cli.drills.catalogue import DRILLS, carry_out
from cli.drills.record import Outcome
from cli.drills.scale import Scale
from cli.drills.scene import Scene
from tests.reliability.conftest import Carry


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", DRILLS)
def test_nothing_acknowledged_is_lost(name: str, on_the_scene: Carry, scale: Scale) -> None:
    async def act(scene: Scene) -> Outcome:
        return await carry_out(name, scene, scale)

    outcome = on_the_scene(act)

    assert outcome.is_good, outcome
    assert outcome.sent
