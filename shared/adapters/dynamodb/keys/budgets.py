"""Keys of budgets."""

from shared.adapters.dynamodb.key_parts import part


def budget(date: str) -> str:
    """Return the sort key of what a user spent on a day."""
    return f"BUDGET#{part(date)}"


def budgets_on(date: str) -> str:
    """Return the index partition of what everybody spent on a day."""
    return f"BUDGETS#{part(date)}"


def hold(purpose: str) -> str:
    """Return the sort key of what is held of a user's budgets for one purpose, and of the mark that it was settled."""
    return f"HOLD#{part(purpose)}"
