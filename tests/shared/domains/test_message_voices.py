import pytest

from shared.adapters.memory.kernel import SetClock
from shared.adapters.memory.messages import MemoryMessages, MemoryRoomLog
from shared.domains.messages.contract import KeepVoiceKey
from shared.domains.messages.errors import MessageNotFound, NotStoredYet
from shared.domains.messages.rules import reading, storing
from tests.shared.adapters.saying import posted


def test_a_message_is_found_before_and_after_it_is_stored() -> None:
    log, messages = MemoryRoomLog(SetClock()), MemoryMessages()
    log.begin("r1")
    said = posted(log, "m1")

    assert reading.find_message("m1", "r1", log=log, messages=messages) == said
    log.lose_memory()
    with pytest.raises(MessageNotFound):
        reading.find_message("m1", "r1", log=log, messages=messages)
    messages.add_all([said])
    assert reading.find_message("m1", "r1", log=log, messages=messages) == said
    with pytest.raises(MessageNotFound):
        reading.find_message("m1", "r2", log=log, messages=messages)


def test_a_voice_is_noted_once_the_message_is_stored() -> None:
    log, messages = MemoryRoomLog(SetClock()), MemoryMessages()
    log.begin("r1")
    job = KeepVoiceKey(room_id="r1", message_id="m1", voice="male", key="tts/x.mp3")
    with pytest.raises(NotStoredYet):
        storing.keep_voice_key(job, messages=messages)

    messages.add_all([posted(log, "m1")])
    storing.keep_voice_key(job, messages=messages)
    storing.keep_voice_key(job, messages=messages)

    assert messages.voice_keys == {("m1", "male"): "tts/x.mp3"}
