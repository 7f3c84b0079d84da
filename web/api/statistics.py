"""A student's days over HTTP."""

from flask import Response
from flask_openapi.blueprint import APIBlueprint
from flask_openapi.models.tag import Tag

from shared.domains.statistics.contract import ShowDays
from shared.domains.statistics.rules.showing import show_days
from shared.kernel.errors import Text
from web.answers import answer
from web.auth import current_principal
from web.context import gateway

blueprint = APIBlueprint("statistics", __name__, url_prefix="/api/statistics", abp_tags=[Tag(name="practice")])


@blueprint.get("/daily")
def daily(query: ShowDays) -> Response:
    """Show one's days, in the account's time zone."""
    context, user_id = gateway(), current_principal().user_id
    zone = context.learners.learner(user_id).time_zone
    days = show_days(query, user_id, time_zone=zone, now=context.clock.now(), store=context.statistics)
    return answer(Text("Statistics", "학습 통계"), days.wire())
