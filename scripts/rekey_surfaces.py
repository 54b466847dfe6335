"""``python scripts/rekey_surfaces.py EARLIER``: renews the key of the shipped surfaces when no result has changed.

A surface carries a hash of the code and tables that it was made from, so moving or rewording that code makes it count
as stale. EARLIER is the folder of another checkout, at which the surfaces were not stale. This command makes small
surfaces of every shipped pattern in both, by simulation and fit, and the waits of the ordinary week. Only if all
figures are the same to the last bit, and the tables and the shipped surfaces the same too, does it write
the present hash into the shipped files, and nothing else of them. Otherwise it writes nothing and leaves with status 1:
then the surfaces have to be made anew, by ``python -m borderlab.crossings.surfaces.surface``.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("borderlab.crossings.surfaces", "borderlab.crossings")
"""Where the code of surfaces stands, and where it stood."""
POINTS = (24, 4, 8)
"""Points of a small surface: in the design, at the largest intensity, held back."""


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _file_digest(path: Path) -> str:
    # Of a surface without its key, which may have been renewed since.
    if path.suffix == ".json" and path.parent.name == "surfaces":
        kept = json.loads(path.read_text(encoding="utf-8"))
        return _digest(json.dumps({**kept, "made_from": None}).encode())
    return _digest(path.read_bytes())


def found() -> dict[str, Any]:
    """What the code on the path gives: every figure of the small surfaces, and hashes of tables and shipped files."""
    for room in ROOMS:
        try:
            surface = importlib.import_module(f"{room}.surface")
            response = importlib.import_module(f"{room}.response")
            break
        except ModuleNotFoundError:
            continue
    reference = surface.REFERENCE
    tables = [*(reference / "parameters").glob("[cs]*.csv"), *(reference / "crossings").glob("*")]
    files = [path for path in (*tables, *surface.FOLDER.glob("*")) if path.is_file()]
    small, stale = {}, []
    for pattern in surface.table("surfaces/patterns", surface.Pattern):
        name = surface.file_name(pattern.kind, pattern.places)
        if surface.surface_for(pattern.kind, pattern.places).stale():
            stale.append(name)
        made = surface.make(pattern.kind, pattern.places, points=POINTS)
        arrays = (made.low, made.high, made.weights, made.least, made.most)
        small[name] = {
            "names": list(made.names),
            "bits": [_digest(array.tobytes()) for array in arrays],
            "error": {key: {of: size.hex() for of, size in map_of.items()} for key, map_of in made.error.items()},
        }
    return {
        "small": small,
        "ordinary": {mode: float(minutes).hex() for mode, minutes in response.ordinary_waits().items()},
        "files": {path.relative_to(reference).as_posix(): _file_digest(path) for path in files},
        "stale": stale,
    }


def asked(checkout: Path) -> dict[str, Any]:
    """:func:`found` by the code of a checkout."""
    print(f"simulating with {checkout} ...", file=sys.stderr)
    done = subprocess.run(
        [sys.executable, __file__, "--found"],
        env={**os.environ, "PYTHONPATH": str(checkout / "src")},
        stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def main(arguments: list[str]) -> int:
    """Compare, and renew the keys if nothing differs."""
    if arguments == ["--found"]:
        json.dump(found(), sys.stdout)
        return 0
    if len(arguments) != 1 or not (Path(arguments[0]) / "src" / "borderlab").is_dir():
        print("Usage: python scripts/rekey_surfaces.py EARLIER, the folder of an earlier checkout.", file=sys.stderr)
        return 2
    before, now = asked(Path(arguments[0]).resolve()), asked(ROOT)
    faults = [f"{name} was stale already" for name in before["stale"]]
    for part in ("small", "ordinary", "files"):
        names = sorted({*before[part], *now[part]})
        faults += [f"{part}: {name} differs" for name in names if before[part].get(name) != now[part].get(name)]
    if faults:
        print("Nothing is written:", *faults, sep="\n  ", file=sys.stderr)
        return 1
    from borderlab.crossings.surfaces import surface

    for name in now["small"]:
        path = surface.FOLDER / name
        kept = surface.Surface.from_json(json.loads(path.read_text(encoding="utf-8")))
        surface.write(replace(kept, made_from=surface.content_hash()), path)
    print(f"{len(now['small'])} surfaces have the key {surface.content_hash()}; all figures are the same bits.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
