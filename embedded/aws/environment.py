"""What ministack is told before it is imported, since it reads its settings then; imports nothing of it."""

from pathlib import Path

HOST = "127.0.0.1"
ACCESS_KEY = "test"


class HookMissingError(RuntimeError):
    """The installed ministack lacks a name that durability rests on."""


def emulator_environment(port: int, directory: Path) -> dict[str, str]:
    """Return the variables that keep ministack on loopback, inside `directory` and out of the journal's way.

    PERSIST_STATE stays off because ministack saves only at shutdown; `snapshots.py` saves before the answer.
    DOCKER_HOST names a socket that cannot exist: the emulator must never touch the developer's containers.
    """
    return {
        "BIND_HOST": HOST,
        "MINISTACK_HOST": HOST,
        "GATEWAY_PORT": str(port),
        "STATE_DIR": str(directory / "keys"),
        "PERSIST_STATE": "0",
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(directory / "objects"),
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
        "COGNITO_EMAIL_ENABLED": "false",
        "DOCKER_HOST": "unix:///nonexistent/docker.sock",
        "AUTH": "false",
        # Presigned addresses are checked against this key; the developer's own must not decide what is valid.
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": ACCESS_KEY,
        "LOG_LEVEL": "WARNING",
    }
