"""Keys of connections."""

from shared.adapters.dynamodb.key_parts import part

GATEWAYS = "GATEWAYS"


def connection(connection_id: str) -> str:
    """Return the partition of a connection's record, and its sort key in the indexes."""
    return f"CONN#{part(connection_id)}"


def gateway(gateway_id: str) -> str:
    """Return the partition of a gateway process and of the connections it holds."""
    return f"GATEWAY#{part(gateway_id)}"
