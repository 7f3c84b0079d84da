"""A result as two lines: the words, and a mark under each."""

from typing import Any

_MARKS = {"correct": "·", "mispronounced": "~", "missed": "✗", "extra": "+"}


def marked(result: dict[str, Any], seconds: float) -> str:
    """Return a result: its words with marks under them, its scores, and what the student is told."""
    words = [(one["word"], _MARKS[one["status"]], one.get("score")) for one in result["words"]]
    columns = [(word, f"{mark} {score:.0f}" if score is not None else mark) for word, mark, score in words]
    widths = [max(len(word), len(mark)) for word, mark in columns]
    above = " ".join(word.ljust(width) for (word, _), width in zip(columns, widths, strict=True))
    below = " ".join(mark.ljust(width) for (_, mark), width in zip(columns, widths, strict=True))
    grade = result.get("grade", "no grade")
    scores = f"{grade}, {result['overallScore']:.1f} of 100, confidence {result['confidence']:.2f}, {seconds:.1f} s"
    return f"\n  {above}\n  {below}\n  {scores}: {result['feedback']}"
