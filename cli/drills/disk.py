"""A small disk of its own under everything that a platform writes down of itself, so that it can be filled."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SIZE_MEGABYTES = 64
STORES = ("aws", "redis")
"""What stands in for AWS and Redis keeps its disk: on the same full one nothing would be acknowledged at all."""
_BLOCKS = (1 << 16, 1 << 9, 1)


@contextmanager
def a_small_disk(path: Path, elsewhere: Path) -> Iterator[None]:
    """Mount a tmpfs on a directory that is made for it; the stores lie elsewhere. Takes root.

    Raises:
        CalledProcessError: it cannot be mounted here.
    """
    path.mkdir(parents=True)
    size = f"size={SIZE_MEGABYTES}m,mode=0700"
    subprocess.run(["mount", "-t", "tmpfs", "-o", size, "drill", str(path)], check=True, capture_output=True)
    try:
        for name in STORES:
            (elsewhere / name).mkdir(parents=True)
            (path / name).symlink_to(elsewhere / name)
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(path)], check=False, capture_output=True)


def can_mount() -> bool:
    """Tell whether a disk may be mounted here at all."""
    return os.geteuid() == 0 and shutil.which("mount") is not None


def is_own_disk(path: Path) -> bool:
    """Tell whether a directory is a disk of its own."""
    return path.stat().st_dev != path.parent.stat().st_dev


@contextmanager
def filled(path: Path) -> Iterator[None]:
    """Fill a directory's disk to the last byte, and free it again."""
    filling = path / "filling"
    with filling.open("wb", buffering=0) as file:
        for size in _BLOCKS:
            _fill(file.fileno(), bytes(size))
    try:
        yield
    finally:
        filling.unlink()


def _fill(descriptor: int, block: bytes) -> None:
    try:
        while True:
            os.write(descriptor, block)
    except OSError:
        return  # nothing more goes in
