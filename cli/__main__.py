"""Makes `python -m cli` the same as `speaktracker`."""

from cli.main import speaktracker

if __name__ == "__main__":
    speaktracker(prog_name="speaktracker")
