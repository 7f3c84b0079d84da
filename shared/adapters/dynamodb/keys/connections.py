"""Keys of connections."""

GATEWAYS = "GATEWAYS"


def connection(connection_id: str) -> str:
    """Return the partition of a connection's record, and its sort key in the indexes."""
    return f"CONN#{connection_id}"


def gateway(gateway_id: str) -> str:
    """Return the partition of a gateway process and of the connections it holds."""
    return f"GATEWAY#{gateway_id}"
