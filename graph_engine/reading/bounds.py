"""The bounds of what is read. Each is refused before it costs memory or time."""

MEGABYTE = 1 << 20

MOST_BYTES = 2048 * MEGABYTE
"""JSON of one export, after unzipping."""
MOST_CONVERSATION_BYTES = 64 * MEGABYTE
MOST_TEXT_BYTES = 8 * MEGABYTE
"""One string of JSON."""
MOST_CONVERSATIONS = 50_000
"""What is drawn within the memory and the time of a job, by the light vectors."""
DEEPEST = 64
"""Brackets within brackets; exports have nine."""
MOST_MEMBERS = 1_000
"""Files in a zip."""
MOST_RATIO = 200
"""Bytes after unzipping for each byte before; JSON of talk has about 5."""
RATIO_COUNTS_FROM = 4 * MEGABYTE
HEAD_CHARACTERS = 6_000
"""What is kept of a conversation's text."""
TITLE_CHARACTERS = 200
CHUNK_BYTES = 1 * MEGABYTE
