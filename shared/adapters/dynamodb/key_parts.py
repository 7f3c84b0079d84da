"""One part of a key: whatever it says, it ends where the next begins."""


def part(text: str) -> str:
    """Return a text as it stands between the delimiters of a key: `#` and `%` are escaped, all else is as it was.

    Ids and times of ours have neither, so what strangers call something cannot name another thing's key.
    """
    if "#" not in text and "%" not in text:
        return text
    return text.replace("%", "%25").replace("#", "%23")
