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
    "graphology": "0.26.0",
    "sigma": "3.0.3",
    "events": "3.3.0",
    "graphology-utils": "2.5.2",
}
BUNDLER = "esbuild@0.28.2"
"""Joins packages that are not written as modules of the web; only here, never where the client runs."""
ICONS = (
    "arrow-down",
    "arrow-up",
    "audio-lines",
    "bell",
    "book-open",
    "camera",
    "captions",
    "chart-column",
    "check",
    "chevron-down",
    "chevron-left",
    "chevron-right",
    "circle",
    "circle-alert",
    "circle-check",
    "circle-x",
    "clock",
    "copy",
    "cpu",
    "door-open",
    "download",
    "ellipsis",
    "eye",
    "eye-off",
    "gauge",
    "graduation-cap",
    "hand",
    "heart-pulse",
    "image",
    "inbox",
    "info",
    "keyboard",
    "languages",
    "laptop",
    "lasso",
    "layers",
    "list",
    "list-filter",
    "lock",
    "log-out",
    "map-pin",
    "message-circle",
    "messages-square",
    "mic",
    "mic-off",
    "minus",
    "monitor",
    "moon",
    "pause",
    "pencil",
    "play",
    "plus",
    "radio",
    "refresh-cw",
    "repeat",
    "rotate-ccw",
    "scan-search",
    "search",
    "settings",
    "shield",
    "smartphone",
    "square",
    "star",
    "sun",
    "table-2",
    "trash-2",
    "triangle-alert",
    "upload",
    "user",
    "users",
    "utensils",
    "volume-2",
    "waypoints",
    "wifi-off",
    "x",
)
SPRITE = "icons.svg"


class Module(NamedTuple):
    """A file of a package, the name that it is imported by, and its name here; `joined` are packages put into it."""

    package: str
    source: str
    imported: str
    file: str
    joined: tuple[str, ...] = ()


MODULES = (
    Module("preact", "dist/preact.mjs", "preact", "preact.js"),
    Module("preact", "hooks/dist/hooks.mjs", "preact/hooks", "preact-hooks.js"),
    Module("htm", "dist/htm.mjs", "htm", "htm.js"),
    Module("htm", "preact/index.mjs", "htm/preact", "htm-preact.js"),
    Module("@preact/signals", "dist/signals.mjs", "@preact/signals", "signals.js"),
    Module("@preact/signals-core", "dist/signals-core.mjs", "@preact/signals-core", "signals-core.js"),
    Module("graphology", "dist/graphology.esm.js", "graphology", "graphology.js", ("events",)),
    Module("sigma", "dist/sigma.esm.js", "sigma", "sigma.js", ("events", "graphology-utils")),
)


def vendor() -> None:
    """Write the folder anew; needs npm and the network."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        wanted = [f"{name}@{version}" for name, version in VERSIONS.items()]
        command = ["npm", "install", "--no-save", "--ignore-scripts", "--prefix", place, *wanted, BUNDLER]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        packages = Path(place) / "node_modules"
        entries = [_module(packages, module) for module in MODULES]
        entries.append(_sprite(packages / "lucide-static"))
        for name in VERSIONS:
            shutil.copyfile(_licence(packages / name), FOLDER / f"LICENSE.{name.strip('@').replace('/', '-')}")
    LIST.write_text(json.dumps(entries, indent=2) + "\n", "utf-8")


def _module(packages: Path, module: Module) -> dict[str, object]:
    source = packages / module.package / module.source
    if module.joined:
        options = ("--bundle", "--format=esm", "--minify", "--log-level=error", f"--outfile={FOLDER / module.file}")
        subprocess.run([packages / ".bin" / "esbuild", source, *options], check=True)
    else:
        shutil.copyfile(source, FOLDER / module.file)
    entry = _entry(packages / module.package, module.file) | {"source": module.source, "imported": module.imported}
    joined = {name: VERSIONS[name] for name in module.joined}
    return entry | ({"joined": joined, "bundler": BUNDLER} if joined else {})


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
