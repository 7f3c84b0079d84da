"""The form of a recording, before anything of it is stored."""

import io
from typing import Any

import pytest
from pydantic import ValidationError
from werkzeug.datastructures import FileStorage

from web.api.practice import RecordingForm

FILE = FileStorage(io.BytesIO(b"OggS"), "said.ogg")


def test_a_file_with_a_sentence_is_taken() -> None:
    form = RecordingForm.model_validate({"audioFile": FILE, "originalText": " How was your day? "})
    assert (form.audio_file, form.original_text, form.session_id) == (FILE, "How was your day?", None)


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"audioFile": "OggS", "originalText": "Hello."}, "audioFile"),
        ({"originalText": "Hello."}, "audioFile"),
        ({"audioFile": FILE, "originalText": FILE}, "originalText"),
    ],
    ids=["text in the file's place", "no file", "a file in the text's place"],
)
def test_what_is_no_recording_with_a_sentence_is_refused_by_its_name(fields: dict[str, Any], named: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        RecordingForm.model_validate(fields)
    assert [one["loc"] for one in refusal.value.errors()] == [(named,)]
