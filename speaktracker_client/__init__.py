"""The asyncio client of SpeakTracker for desktop programs."""
