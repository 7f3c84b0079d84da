"""The asyncio client for desktop programs: `speaktracker_client.client.SpeakTracker` is where to begin."""
