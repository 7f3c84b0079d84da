"""The speech engine espeak-ng by ctypes, with the time of every word.

The library keeps global state: one synthesis at a time in a process. It is under the GPL, so only the process of
`embedded.polly.speaking` may import this file (docs/decisions/0007-copyleft-speech.md).
"""

import ctypes
from typing import Any, NamedTuple

import espeakng_loader

_SYNCHRONOUS = 2
_DO_NOT_EXIT = 0x8000
_UTF8 = 1
_CHARACTERS = 1
_RATE_PARAMETER = 1
_WORD = 1
_END_OF_EVENTS = 0


class _Identity(ctypes.Union):
    _fields_ = [("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8)]


class _Event(ctypes.Structure):
    """espeak_EVENT of speak_lib.h."""

    _fields_ = [
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _Identity),
    ]


_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))


class Word(NamedTuple):
    """A word with the characters that it takes in the text, and when it begins."""

    start: int
    end: int
    milliseconds: int


class Said(NamedTuple):
    """Signed 16-bit samples of one channel, and the words in them."""

    samples: bytes
    words: list[Word]


class Espeak:
    """The engine, initialised; `sample_rate` is that of everything it says."""

    def __init__(self) -> None:
        """Load the library and its data.

        Raises:
            OSError: the library cannot be loaded.
        """
        library: Any = ctypes.CDLL(espeakng_loader.get_library_path())
        library.espeak_Initialize.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_char_p, ctypes.c_int]
        library.espeak_Synth.argtypes = [
            *(ctypes.c_char_p, ctypes.c_size_t, ctypes.c_uint, ctypes.c_int, ctypes.c_uint, ctypes.c_uint),
            *(ctypes.c_void_p, ctypes.c_void_p),
        ]
        self.sample_rate: int = library.espeak_Initialize(
            _SYNCHRONOUS, 0, espeakng_loader.get_data_path().encode(), _DO_NOT_EXIT
        )
        if self.sample_rate <= 0:
            raise OSError("espeak-ng found no data")
        self._library = library
        self._samples: list[bytes] = []
        self._events: list[tuple[int, int, int]] = []
        self._callback = _CALLBACK(self._take)  # kept: the library holds no reference to it
        library.espeak_SetSynthCallback(self._callback)

    def say(self, text: str, voice: str, words_per_minute: int) -> Said:
        """Speak a text.

        Raises:
            ValueError: there is no such voice.
        """
        self._samples.clear()
        self._events.clear()
        if self._library.espeak_SetVoiceByName(voice.encode()):
            raise ValueError(f"no voice {voice}")
        self._library.espeak_SetParameter(_RATE_PARAMETER, words_per_minute, 0)
        encoded = text.encode() + b"\0"
        self._library.espeak_Synth(encoded, len(encoded), 0, _CHARACTERS, 0, _UTF8, None, None)
        self._library.espeak_Synchronize()
        words = [Word(at - 1, at - 1 + length, time) for at, length, time in self._events]
        return Said(b"".join(self._samples), words)

    def _take(self, samples: Any, count: int, events: Any) -> int:
        if count > 0:
            self._samples.append(ctypes.string_at(samples, count * 2))
        index = 0
        while events[index].type != _END_OF_EVENTS:
            event = events[index]
            if event.type == _WORD:
                self._events.append((event.text_position, event.length, event.audio_position))
            index += 1
        return 0
