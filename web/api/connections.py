"""Open connections over HTTP, for the person on duty."""

from flask import Response
from flask_openapi.blueprint import APIBlueprint
from flask_openapi.models.tag import Tag

from shared.domains.connections.contract import ConnectionCounts
from shared.domains.connections.service import count_connections
from shared.kernel.errors import Text
from web.answers import answer
from web.auth import operators_only
from web.context import gateway
from web.documents.telling import tells

blueprint = APIBlueprint(
    "connections", __name__, url_prefix="/api/operations/connections", abp_tags=[Tag(name="operations")]
)


@blueprint.get("")
@operators_only
@tells(ConnectionCounts)
def show_connections() -> Response:
    """Count open connections by kind and gateway; a gateway tells every 30 s."""
    context = gateway()
    counts = count_connections(connections=context.connections, clock=context.clock)
    return answer(Text("Connections", "연결"), counts)
