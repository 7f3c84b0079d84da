"""A student's days over HTTP."""

from typing import Annotated

from flask import Response
from flask_openapi.blueprint import APIBlueprint
from flask_openapi.models.tag import Tag
from pydantic import Field

from shared.domains.statistics.contract import Days, ShowDays
from shared.domains.statistics.rules.showing import show_days
from shared.kernel.contract import Contract
from shared.kernel.errors import Text
from web.answers import answer
from web.auth import current_principal
from web.context import gateway
from web.documents.telling import operation, tells
from web.students import sharing_student

blueprint = APIBlueprint("statistics", __name__, url_prefix="/api", abp_tags=[Tag(name="practice")])


class StudentPath(Contract):
    """Which student."""

    email: Annotated[str, Field(max_length=254)]


@blueprint.get("/statistics/daily")
@operation("showDays")
@tells(Days)
def daily(query: ShowDays) -> Response:
    """Show one's days, in the account's time zone."""
    return _days(query, current_principal().user_id)


@blueprint.get("/tutor/students/<email>/statistics")
@tells(Days)
def show_students_days(path: StudentPath, query: ShowDays) -> Response:
    """Show the days of a student who agreed, in the student's time zone."""
    return _days(query, sharing_student(path.email).user_id)


def _days(query: ShowDays, user_id: str) -> Response:
    context = gateway()
    zone = context.learners.learner(user_id).time_zone
    days = show_days(query, user_id, time_zone=zone, now=context.clock.now(), store=context.statistics)
    return answer(Text("Statistics", "학습 통계"), days)
