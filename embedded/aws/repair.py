"""Repairing the object files after a crash, before ministack reads them; imports nothing of ministack."""

import hashlib
import json
from pathlib import Path

_SIDECAR = ".meta.json"


def repair_objects(root: Path) -> int:
    """Finish or undo the writes that a crash cut short, and return how many there were.

    ministack writes an object's content and then its sidecar. Content without a sidecar was never acknowledged and
    goes; content newer than its sidecar replaced an older object, so its size and checksum are written anew.
    """
    repaired = 0
    for path in list(root.rglob("*")) if root.is_dir() else []:
        if path.is_file() and not path.name.endswith(_SIDECAR):
            repaired += _repair(path)
    return repaired


def _repair(path: Path) -> bool:
    if path.name.endswith(".tmp"):
        path.unlink()
        return True
    sidecar = path.with_name(path.name + _SIDECAR)
    if ".versions" in path.parts:
        return False
    if not sidecar.exists():
        path.unlink()
        return True
    if path.stat().st_mtime_ns <= sidecar.stat().st_mtime_ns:
        return False
    content = path.read_bytes()
    digest = hashlib.md5(content, usedforsecurity=False).hexdigest()
    known = json.loads(sidecar.read_text()) | {"size": len(content), "etag": f'"{digest}"', "checksums": {}}
    sidecar.write_text(json.dumps(known))
    return True
