"""One platform and one browser for all of this folder; the browser's microphone hears real speech."""
