"""What the AI partner may cost a user a day, and what it did, over HTTP."""

from flask import Response
from flask_openapi.blueprint import APIBlueprint
from flask_openapi.models.tag import Tag

from shared.domains.budgets import service
from shared.domains.budgets.contract import BudgetItem, ListBudgets
from shared.kernel.errors import Text
from shared.kernel.times import timestamp
from web.answers import answer, listed
from web.auth import current_principal, operators_only
from web.context import gateway
from web.documents.telling import operation, tells, tells_page

blueprint = APIBlueprint("budgets", __name__, abp_tags=[Tag(name="AI partner")])

SHOWN = Text("Budgets", "사용량")


@blueprint.get("/api/operations/budgets")
@operators_only
@tells_page("budgets", BudgetItem)
def list_budgets(query: ListBudgets) -> Response:
    """List what users spent on a day."""
    context = gateway()
    day = query.date or timestamp(context.clock.now())[:10]
    scope = ["budgets", day]
    page = service.list_budgets(
        query.model_copy(update={"date": day}),
        position=context.cursors.decode(query.cursor, scope),
        store=context.budgets,
        clock=context.clock,
        limits=context.budget_limits,
    )
    return answer(SHOWN, listed("budgets", page, scope))


@blueprint.get("/api/me/budgets")
@operation("showOwnBudgets")
@tells(BudgetItem)
def show_own() -> Response:
    """Show what one spent oneself today."""
    context = gateway()
    own = service.show_own(
        current_principal().user_id,
        store=context.budgets,
        clock=context.clock,
        limits=context.budget_limits,
    )
    return answer(SHOWN, own)
