"""What is wrong with a field, for people: pydantic's findings in the languages that the product speaks."""

from typing import Any

from shared.kernel.errors import Text

LONGEST_NAME = 100
_WORDS = {
    "missing": Text("is needed", "필수 항목입니다"),
    "extra_forbidden": Text("is not known here", "알 수 없는 항목입니다"),
    "string_too_short": Text("needs at least {min_length} characters", "{min_length}자 이상이어야 합니다"),
    "string_too_long": Text("takes at most {max_length} characters", "{max_length}자 이하여야 합니다"),
    "string_type": Text("must be text", "문자열이어야 합니다"),
    "bool_type": Text("must be true or false", "true 또는 false여야 합니다"),
    "bool_parsing": Text("must be true or false", "true 또는 false여야 합니다"),
    "int_type": Text("must be a whole number", "정수여야 합니다"),
    "int_parsing": Text("must be a whole number", "정수여야 합니다"),
    "int_from_float": Text("must be a whole number", "정수여야 합니다"),
    "greater_than_equal": Text("must be {ge} or more", "{ge} 이상이어야 합니다"),
    "less_than_equal": Text("must be {le} or less", "{le} 이하여야 합니다"),
    "enum": Text("must be {expected}", "{expected} 중 하나여야 합니다"),
    "literal_error": Text("must be {expected}", "{expected} 중 하나여야 합니다"),
}
"""By the type of the finding; what is not here is said in pydantic's own words, which name no input either."""


def field_problem(error: Any, language: str) -> dict[str, str]:
    """Return a field's name and what is wrong with it; the input is never repeated."""
    name = ".".join(str(part) for part in error["loc"])[:LONGEST_NAME]
    words = _WORDS.get(error["type"])
    if words is not None:
        return {"field": name, "message": words.localized(language).format_map(error.get("ctx", {}))}
    return {"field": name, "message": error["msg"].removeprefix("Value error, ")}
