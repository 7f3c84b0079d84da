from typing import Any, cast

from celery import Celery

from shared.catalogue import FORMER_NAMES, JOBS, job_type_of, names_of
from shared.domains.dead_letters.contract import RouteDeadLetter
from workers.handling import register
from workers.tasks import dead_letters

NOTHING = cast(Any, None)


def test_a_former_name_is_read_as_todays() -> None:
    names = {job.name for job in JOBS}

    assert set(FORMER_NAMES.values()) <= names
    assert not set(FORMER_NAMES) & names
    assert job_type_of("operations.route_dead_letter") is RouteDeadLetter
    assert job_type_of("dead_letters.route_dead_letter") is RouteDeadLetter
    assert job_type_of("operations.unheard_of") is None
    assert names_of(RouteDeadLetter) == ("dead_letters.route_dead_letter", "operations.route_dead_letter")


def test_a_worker_takes_a_job_under_each_of_its_names() -> None:
    with Celery("former-names", set_as_current=False) as app:
        register(app, dead_letters, context=NOTHING, keeper=NOTHING)

        assert {"operations.route_dead_letter", "dead_letters.route_dead_letter"} <= set(app.tasks)
