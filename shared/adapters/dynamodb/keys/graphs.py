"""Keys of graphs."""


def graph(graph_id: str) -> str:
    """Return the partition of a graph."""
    return f"GRAPH#{graph_id}"


def graphs_of(user_id: str) -> str:
    """Return the index partition of a user's graphs."""
    return f"USER#{user_id}#GRAPHS"
