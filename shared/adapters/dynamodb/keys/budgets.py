"""Keys of budgets."""


def budget(date: str) -> str:
    """Return the sort key of what a user spent on a day."""
    return f"BUDGET#{date}"


def budgets_on(date: str) -> str:
    """Return the index partition of what everybody spent on a day."""
    return f"BUDGETS#{date}"


def hold(purpose: str) -> str:
    """Return the sort key of what is held of a user's budgets for one purpose, and of the mark that it was settled."""
    return f"HOLD#{purpose}"
