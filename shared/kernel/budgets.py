"""What is paid for, and how near its end a day's budget is."""

from enum import StrEnum


class Kind(StrEnum):
    """What is paid for: the model's tokens, characters that are spoken, seconds of recordings that are heard."""

    TOKENS = "tokens"
    SPOKEN_CHARACTERS = "spoken_characters"
    TRANSCRIBED_SECONDS = "transcribed_seconds"


class BudgetState(StrEnum):
    """OK below 80 %, WARNED from there on, SHORTENED (short answers) from 95 %, SPENT at 100 %."""

    OK = "ok"
    WARNED = "warned"
    SHORTENED = "shortened"
    SPENT = "spent"
