"""Decks for Anki, by genanki."""

import tempfile
from hashlib import sha256
from pathlib import Path

import genanki

from shared.domains.notebook.models import NotebookEntry

MODEL_ID = 1_607_392_319
"""Names the form of our notes for ever: Anki merges what comes under the same number."""
_DECK = "SpeakTracker"
_FRONT = "<div>{{Said}}</div><hr><div>{{Why}}</div>"
_BACK = "{{FrontSide}}<hr id=answer><div>{{Better}}</div>"


class AnkiDecks:
    """The port DeckMaker. Texts are escaped, so that no markup of a card comes from what was said."""

    def deck(self, user_id: str, entries: list[NotebookEntry]) -> bytes:
        """Return an .apkg file; the same student's next file updates the same deck and the same cards."""
        deck = genanki.Deck(_number(f"deck\n{user_id}"), _DECK)
        for one in entries:
            deck.add_note(_note(one))
        with tempfile.TemporaryDirectory(prefix="speaktracker-anki-") as folder:
            path = Path(folder) / "deck.apkg"
            genanki.Package(deck).write_to_file(str(path))
            return path.read_bytes()


def _note(entry: NotebookEntry) -> genanki.Note:
    fields = [_escaped(text or "") for text in (entry.said, entry.why, entry.better)]
    return genanki.Note(model=_model(), fields=fields, guid=entry.entry_id, tags=[entry.kind.value])


def _model() -> genanki.Model:
    return genanki.Model(
        MODEL_ID,
        f"{_DECK} mistake",
        fields=[{"name": "Said"}, {"name": "Why"}, {"name": "Better"}],
        templates=[{"name": "Say it better", "qfmt": _FRONT, "afmt": _BACK}],
    )


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("{{", "{ {")


def _number(name: str) -> int:
    """Return the number of a name, in the range that Anki takes for ids."""
    return int.from_bytes(sha256(name.encode()).digest()[:4], "big") % (1 << 30) + (1 << 30)
