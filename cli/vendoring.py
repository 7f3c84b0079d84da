"""Other people's code in the web client: fetched from npm in exact versions, listed with licence and hash.

`python -m cli.vendoring` writes `web/static/vendor` anew; the committed files are what is served, and a test computes
their hashes again. To take another version, change it here.
"""

import hashlib
import json
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).resolve().parent.parent / "web" / "static" / "vendor"
LIST = FOLDER / "vendored.json"
VERSIONS = {
    "preact": "11.2.0",
    "htm": "3.1.1",
    "@preact/signals": "2.11.4",
    "@preact/signals-core": "1.14.5",
    "lucide-static": "1.62.0",
}
ICONS = (
    "arrow-down",
    "arrow-up",
    "audio-lines",
    "bell",
    "camera",
    "captions",
    "check",
    "chevron-down",
    "chevron-left",
    "chevron-right",
    "circle",
    "circle-alert",
    "circle-check",
    "clock",
    "door-open",
    "download",
    "ellipsis",
    "eye",
    "eye-off",
    "image",
    "info",
    "keyboard",
    "languages",
    "laptop",
    "lock",
    "log-out",
    "messages-square",
    "mic",
    "mic-off",
    "monitor",
    "moon",
    "pause",
    "pencil",
    "play",
    "plus",
    "refresh-cw",
    "repeat",
    "rotate-ccw",
    "search",
    "settings",
    "shield",
    "smartphone",
    "square",
    "sun",
    "trash-2",
    "triangle-alert",
    "user",
    "users",
    "volume-2",
    "wifi-off",
    "x",
)
SPRITE = "icons.svg"


class Module(NamedTuple):
    """A file of a package, the name that it is imported by, and its name here."""

    package: str
    source: str
    imported: str
    file: str


MODULES = (
    Module("preact", "dist/preact.mjs", "preact", "preact.js"),
    Module("preact", "hooks/dist/hooks.mjs", "preact/hooks", "preact-hooks.js"),
    Module("htm", "dist/htm.mjs", "htm", "htm.js"),
    Module("htm", "preact/index.mjs", "htm/preact", "htm-preact.js"),
    Module("@preact/signals", "dist/signals.mjs", "@preact/signals", "signals.js"),
    Module("@preact/signals-core", "dist/signals-core.mjs", "@preact/signals-core", "signals-core.js"),
)


def vendor() -> None:
    """Write the folder anew; needs npm and the network."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        wanted = [f"{name}@{version}" for name, version in VERSIONS.items()]
        command = ["npm", "install", "--no-save", "--ignore-scripts", "--prefix", place, *wanted]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        packages = Path(place) / "node_modules"
        entries = [_module(packages, module) for module in MODULES]
        entries.append(_sprite(packages / "lucide-static"))
        for name in VERSIONS:
            shutil.copyfile(_licence(packages / name), FOLDER / f"LICENSE.{name.strip('@').replace('/', '-')}")
    LIST.write_text(json.dumps(entries, indent=2) + "\n", "utf-8")


def _module(packages: Path, module: Module) -> dict[str, object]:
    shutil.copyfile(packages / module.package / module.source, FOLDER / module.file)
    entry = _entry(packages / module.package, module.file)
    return entry | {"source": module.source, "imported": module.imported}


def _sprite(package: Path) -> dict[str, object]:
    symbols = [_symbol(package / "icons" / f"{name}.svg") for name in ICONS]
    text = "\n".join(('<svg xmlns="http://www.w3.org/2000/svg">', *symbols, "</svg>\n"))
    (FOLDER / SPRITE).write_text(text, "utf-8")
    return _entry(package, SPRITE) | {"source": "icons/*.svg", "icons": ICONS}


def _symbol(path: Path) -> str:
    """Return an icon's shapes as a symbol: how they are drawn is the style sheet's."""
    drawn = re.search(r"<svg[^>]*>(.*)</svg>", path.read_text("utf-8"), re.DOTALL)
    shapes = " ".join(drawn[1].split()) if drawn else ""
    return f'<symbol id="{path.stem}" viewBox="0 0 24 24">{shapes}</symbol>'


def _entry(package: Path, file: str) -> dict[str, object]:
    told = json.loads((package / "package.json").read_text("utf-8"))
    content = (FOLDER / file).read_bytes()
    named = {"file": file, "package": told["name"], "version": told["version"], "licence": told["license"]}
    return named | {"sha256": hashlib.sha256(content).hexdigest()}


def _licence(package: Path) -> Path:
    return next(path for path in sorted(package.iterdir()) if path.name.upper().startswith("LICEN"))


if __name__ == "__main__":
    vendor()
