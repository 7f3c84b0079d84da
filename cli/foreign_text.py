"""Text that others wrote, for a terminal: neither markup nor orders."""

from rich.text import Text


def foreign(text: str, style: str = "", *, keeps_lines: bool = False) -> Text:
    """Return a text as it is, every character that is not printed as its escape: so it can be told and copied.

    Colours, cursor movements, changes of direction and halves of pairs reach no terminal, and [words] are no markup.
    """
    return Text(printable(text, keeps_lines=keeps_lines), style)


def printable(text: str, *, keeps_lines: bool = False) -> str:
    """Return the same as plain text, for what is printed without a table or a colour."""
    kept = "\n\t" if keeps_lines else ""
    return "".join(one if one.isprintable() or one in kept else _escape(one) for one in text)


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
