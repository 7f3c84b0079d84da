"""Sentences as the words that are said: numbers, money, times and abbreviations are spelt out.

What is expected and what was heard pass through here alike, so that "15th" and "fifteenth" are the same.
"""

import re
from typing import NamedTuple

_UP_TO_NINETEEN = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_ONES = tuple(_UP_TO_NINETEEN.split())
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SCALES = ((1_000_000_000, "billion"), (1_000_000, "million"), (1_000, "thousand"), (100, "hundred"))
_MOST = 10**12
_ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
_FRACTIONS = {2: "half", 4: "quarter"}
_MONEY = {"$": ("dollar", "cent"), "£": ("pound", "penny"), "€": ("euro", "cent"), "₩": ("won", ""), "¥": ("yen", "")}
_SHORT = {
    "mr": "mister",
    "mrs": "missus",
    "ms": "miz",
    "dr": "doctor",
    "st": "saint",
    "vs": "versus",
    "etc": "et cetera",
    "ok": "okay",
    "o'clock": "o'clock",
    "gonna": "going to",
    "wanna": "want to",
    "gray": "grey",
    "color": "colour",
    "colors": "colours",
    "center": "centre",
    "km": "kilometers",
    "kg": "kilograms",
    "cm": "centimeters",
}
"""Also spellings that sound alike: what is compared are sounds."""
_SIGNS = {"%": " percent ", "&": " and ", "+": " plus ", "=": " equals ", "@": " at ", "°": " degrees "}
_TIME = re.compile(r"(\d{1,2}):(\d\d)(?:\s?([ap])\.?m\.?)?|(\d{1,2})\.(\d\d)\s?([ap])\.?m\.?", re.IGNORECASE)
"""Also "9.30 am", as recognisers write it."""
_PRICE = re.compile(r"([$£€₩¥])(\d[\d,]*)(?:\.(\d\d))?")
_SHARE = re.compile(r"\b(\d{1,2})/(\d{1,2})\b")
_PLACE = re.compile(r"\b(\d+)(?:st|nd|rd|th)\b", re.IGNORECASE)
_DECIMAL = re.compile(r"\b(\d+)\.(\d+)\b")
_HALF_DAY = re.compile(r"\b(\d{1,2})\s?([ap])\.?m\b\.?", re.IGNORECASE)
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?!\d|\.\d)")
_TELEPHONE = re.compile(r"(?<![\w-])(?:\d{3}-)?\d{3}-\d{4}(?![\w-])")
_DAY = re.compile(
    r"\b(January|February|March|April|May|June|July|August|September|October|November|December) (\d{1,2})\b(?![\d:%])"
)
_NUMBER = re.compile(r"\d+")
_LETTERS = re.compile(r"[a-z]+(?:'[a-z]+)*'?")
_OTHER_SCRIPT = re.compile(r"[^\W\d_a-zA-Z\u00c0-\u024f]")


class Spelt(NamedTuple):
    """A word as it is written, and the words that are said for it."""

    written: str
    spoken: list[str]


def spelt_words(text: str) -> list[Spelt]:
    """Return the words of a text; one in another script, and a mark without a sound, is said by none."""
    return [Spelt(written, spoken_words(written)) for written in text.split()]


def spoken_words(text: str) -> list[str]:
    """Return the words that are said, in lower case, without punctuation."""
    if _OTHER_SCRIPT.search(text):
        text = " ".join(part for part in text.split() if not _OTHER_SCRIPT.search(part))
    plain = _spelt_out(text.replace("’", "'").replace("‘", "'"))
    found = [word.strip("'") if word.endswith("'") else word for word in _LETTERS.findall(plain.lower())]
    return [part for word in found if word for part in _SHORT.get(word, word).split()]


def number_words(number: int) -> str:
    """Return a number in words, as an American reads it; one beyond a billion billions digit by digit."""
    if number >= _MOST:
        return " ".join(_ONES[int(digit)] for digit in str(number))
    if number < 20:
        return _ONES[number]
    if number < 100:
        return f"{_TENS[number // 10]} {_ONES[number % 10]}" if number % 10 else _TENS[number // 10]
    scale, name = next(one for one in _SCALES if number >= one[0])
    rest = f" {number_words(number % scale)}" if number % scale else ""
    return f"{number_words(number // scale)} {name}{rest}"


def ordinal_words(number: int) -> str:
    """Return which one it is: 21 is "twenty first"."""
    head, space, last = number_words(number).rpartition(" ")
    regular = f"{last[:-1]}ieth" if last.endswith("y") else f"{last}th"
    return f"{head}{space}{_ORDINALS.get(last, regular)}"


def _spelt_out(text: str) -> str:
    text = _TELEPHONE.sub(lambda found: _digits(found[0]), text)
    text = _DAY.sub(lambda found: f"{found[1]} {ordinal_words(int(found[2]))} ", text)
    text = _TIME.sub(_time, text)
    text = _HALF_DAY.sub(lambda found: f"{number_words(int(found[1]))} {found[2]} m ", text)
    text = _PRICE.sub(_price, text)
    text = _THOUSANDS.sub(lambda found: f" {number_words(int(found[0].replace(',', '')))} ", text)
    text = _SHARE.sub(lambda found: _share(int(found[1]), int(found[2])), text)
    text = _PLACE.sub(lambda found: f" {ordinal_words(int(found[1]))} ", text)
    text = _DECIMAL.sub(lambda found: f"{found[1]} point {' '.join(found[2])}", text)
    for sign, words in _SIGNS.items():
        text = text.replace(sign, words)
    return _NUMBER.sub(lambda found: f" {_year_or_number(found[0])} ", text)


def _digits(number: str) -> str:
    return f" {' '.join(_ONES[int(digit)] for digit in number if digit.isdigit())} "


def _time(found: re.Match[str]) -> str:
    hour, minute, half = int(found[1] or found[4]), int(found[2] or found[5]), found[3] or found[6]
    minutes = "" if not minute else f" oh {number_words(minute)}" if minute < 10 else f" {number_words(minute)}"
    return f"{number_words(hour)}{minutes}{f' {half} m ' if half else ' '}"


def _price(found: re.Match[str]) -> str:
    whole, part = int(found[2].replace(",", "")), int(found[3] or 0)
    unit, small = _MONEY[found[1]]
    words = f"{number_words(whole)} {unit}{'' if whole == 1 or not small else 's'}"
    pence = "pence" if small == "penny" else f"{small}{'' if part == 1 else 's'}"
    return f" {words} and {number_words(part)} {pence} " if part and small else f" {words} "


def _share(part: int, whole: int) -> str:
    if not 0 < part < whole <= 20:
        return f" {number_words(part)} {number_words(whole)} "
    name = _FRACTIONS.get(whole, ordinal_words(whole))
    plural = "" if part == 1 else "halves" if whole == 2 else f"{name}s"
    return f" {number_words(part)} {plural or name} "


def _year_or_number(digits: str) -> str:
    number = int(digits)
    if len(digits) == 4 and 1100 <= number < 2100 and number % 100 and number // 100 != 20:
        return f"{number_words(number // 100)} {number_words(number % 100)}"
    return number_words(number) if len(digits) <= 12 else " ".join(_ONES[int(digit)] for digit in digits)
