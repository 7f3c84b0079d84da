"""Keys of graphs."""

from shared.adapters.dynamodb.key_parts import part


def graph(graph_id: str) -> str:
    """Return the partition of a graph."""
    return f"GRAPH#{part(graph_id)}"


def graphs_of(user_id: str) -> str:
    """Return the index partition of a user's graphs."""
    return f"USER#{part(user_id)}#GRAPHS"
