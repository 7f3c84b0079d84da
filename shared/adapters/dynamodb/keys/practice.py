"""Keys of practice."""

from shared.adapters.dynamodb.key_parts import part

SENTENCE = "SENTENCE#"
SENTENCES = "SENTENCES"
RESULT = "RESULT#"


def learning_session(session_id: str) -> str:
    """Return the partition of a learning session and its sentences."""
    return f"SESSION#{part(session_id)}"


def learning_sessions_of(user_id: str) -> str:
    """Return the index partition of a student's sessions."""
    return f"USER#{part(user_id)}#SESSIONS"


def open_sessions(shard: int) -> str:
    """Return the index partition of a share of the sessions that are open or not yet counted."""
    return f"OPEN_SESSIONS#{shard}"


def session_result(result_id: str) -> str:
    """Return the sort key of the mark that a result was added to its session."""
    return f"RESULT#{part(result_id)}"


def sentence(index: int) -> str:
    """Return the sort key of a sentence within its session: text order is the order of the numbers."""
    return f"{SENTENCE}{index:05d}"


def result(created_at: str, result_id: str) -> str:
    """Return the sort key of a pronunciation result: text order is time order."""
    return f"{RESULT}{part(created_at)}#{part(result_id)}"


def result_by_id(result_id: str) -> str:
    """Return the index partition that finds a pronunciation result by its id alone."""
    return f"RESULT#{part(result_id)}"
