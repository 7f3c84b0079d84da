"""The sentence of a recording: its words as they are written, and the words that are said for each."""

from typing import NamedTuple

from speech.phones.text import spelt_words

MOST_WORDS = 200
_MARKS = '.,?!;:"“”()[]…'


class CannotBeSaid(Exception):
    """There is no word in the sentence that can be said, or there are more than 200."""


class Sentence(NamedTuple):
    """`words` are said, `owners` the written words that they belong to, `unscored` those that nobody can say here."""

    written: list[str]
    words: list[str]
    owners: list[int]
    unscored: list[str]

    def of_written(self, place: int) -> range:
        """Return the places of what is said for a written word: they lie side by side."""
        first = self.owners.index(place)
        return range(first, first + self.owners.count(place))


def read_sentence(text: str) -> Sentence:
    """Return a sentence; marks of punctuation are no words. Raises CannotBeSaid."""
    written: list[str] = []
    words: list[str] = []
    owners: list[int] = []
    unscored: list[str] = []
    for one in spelt_words(text):
        if one.spoken:
            owners += [len(written)] * len(one.spoken)
            words += one.spoken
            written.append(one.written.strip(_MARKS) or one.written)
        elif any(letter.isalnum() for letter in one.written):
            unscored.append(one.written)
    if not 1 <= len(words) <= MOST_WORDS:
        raise CannotBeSaid
    return Sentence(written, words, owners, unscored)
