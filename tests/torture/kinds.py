"""The kinds of tries: every command that reads or writes, with everything that is no good file, folder or word."""

from __future__ import annotations

import gzip
import io
import json
import os
import random
import shutil
import socket
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.torture import texts
from tests.torture.trial import READ_SCENARIO, Trial

Make = Callable[[Path], str]

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "src" / "borderlab" / "reference"


def _zero(here: Path) -> str:
    return "/dev/zero"


def _pipe(here: Path) -> str:
    os.mkfifo(here / "pipe")
    return "pipe"


def _link(target: str) -> Make:
    def make(here: Path) -> str:
        (here / "link.yaml").symlink_to(target)
        return "link.yaml"

    return make


def _link_to_pipe(here: Path) -> str:
    os.mkfifo(here / "pipe")
    (here / "link").symlink_to("pipe")
    return "link"


def _sparse(here: Path) -> str:
    with (here / "sparse.yaml").open("wb") as handle:
        handle.truncate(10**10)
    return "sparse.yaml"


def _socket(here: Path) -> str:
    before = os.getcwd()
    os.chdir(here)  # names of sockets are short
    try:
        with socket.socket(socket.AF_UNIX) as one:
            one.bind("socket")
    finally:
        os.chdir(before)
    return "socket"


def _folder(here: Path) -> str:
    (here / "folder.yaml").mkdir()
    return "folder.yaml"


def _below_a_file(here: Path) -> str:
    (here / "file").write_text("x")
    return "file/below.yaml"


def _named(name: str) -> Make:
    return lambda here: name


def _holding(raw: bytes, name: str = "x.yaml") -> Make:
    def make(here: Path) -> str:
        (here / name).write_bytes(raw)
        return name

    return make


INPUTS: dict[str, Make] = {
    "device without end": _zero,
    "device without anything": _named("/dev/null"),
    "device of chance": _named("/dev/urandom"),
    "pipe": _pipe,
    "link to a device": _link("/dev/zero"),
    "link to a pipe": _link_to_pipe,
    "link to nothing": _link("nowhere"),
    "link to itself": _link("link.yaml"),
    "sparse 10 GB": _sparse,
    "socket": _socket,
    "folder": _folder,
    "missing": _named("missing.yaml"),
    "below a file": _below_a_file,
    "below a device": _named("/dev/null/x.yaml"),
    "long name": _named("x" * 300 + ".yaml"),
    "very long name": _named("x/" * 3000 + "x.yaml"),
    "zero byte": _named("a\0b.yaml"),
    "bytes that are no text": _named("a\udc80\udcffb.yaml"),
    "half a letter": _named("a\ud800b.yaml"),
    "escape": _named("a\x1b[2Jb.yaml"),
    "line end": _named("a\nb.yaml"),
    "empty name": _named(""),
    "memory of the process": _named("/proc/self/mem"),
    "file of the system": _named("/proc/self/environ"),
    "empty file": _holding(b""),
    "zero bytes in it": _holding(b"\0" * 5000),
    "binary": _holding(bytes(range(256)) * 50),
    "web page": _holding(b"<!doctype html><html><body>404</body></html>"),
}

# Commands that read a file; FILE stands for it. All of them refuse every one of INPUTS.
READERS: dict[str, tuple[str, ...]] = {
    "strategies check": ("strategies", "check", "FILE"),
    "strategies check --json": ("strategies", "check", "FILE", "--json"),
    "strategies show": ("strategies", "show", "FILE"),
    "run": ("run", "FILE", "--futures", "20"),
    "compare": ("compare", "FILE", "--futures", "20"),
    "believe": ("believe", "FILE", "--over", "status-quo", "--futures", "20"),
    "believe --over": ("believe", "status-quo", "--over", "FILE", "--futures", "20"),
    "sensitivity": ("sensitivity", "arrivals", "--strategy", "FILE", "--futures", "20"),
    "improve": ("improve", "FILE", "--futures", "20"),
    "backtest": ("backtest", "FILE", "--from", "2019-01-01"),
    "today": ("today", "FILE"),
    "crossings simulate": ("crossings", "simulate", "FILE"),
    "crossings calibrate --counts": ("crossings", "calibrate", "--counts", "FILE", "--waits", "FILE"),
    "crossings score --waits": ("crossings", "score", "--waits", "FILE"),
    "crossings score --table": ("crossings", "score", "--waits", "good.csv", "--table", "FILE"),
    "discover": ("discover", "FILE", "--outcome", "hit", "--over", "a,b"),
    "data import": ("data", "import", "FILE"),
    "report": ("report", "FILE"),
    "compare --resume": ("compare", "--resume", "FILE"),
}

OUTPUTS: dict[str, Make] = {
    "a file there": _holding(b"mine", "there"),
    "below a file": _below_a_file,
    "device": _named("/dev/full"),
    "below a device": _named("/dev/null/x"),
    "below /proc": _named("/proc/nowhere/x"),
    "read-only": _named("/sys/kernel/x"),
    "long name": _named("x" * 300),
    "very long name": _named("x/" * 3000 + "x"),
    "zero byte": _named("a\0b"),
    "half a letter": _named("a\ud800b"),
    "bytes that are no text": _named("a\udc80b"),
    "pipe": _pipe,
    "socket": _socket,
    "link to itself": _link("link.yaml"),
    "link to a file": lambda here: (_holding(b"mine", "there")(here), _link("there")(here))[1],
    "a stranger's folder": lambda here: ((here / "mine").mkdir(), (here / "mine" / "thesis").write_text("x"), "mine")[
        2
    ],
}

WRITERS: dict[str, tuple[str, ...]] = {
    "run": ("run", "status-quo", "--futures", "20", "--years", "1", "--out", "OUT"),
    "compare": ("compare", "treaty-alliance", "--futures", "20", "--years", "1", "--out", "OUT"),
    "believe": (
        "believe",
        "treaty-alliance",
        "--over",
        "status-quo",
        "--futures",
        "20",
        "--years",
        "1",
        "--out",
        "OUT",
    ),
    "sensitivity": ("sensitivity", "arrivals", "--futures", "20", "--years", "1", "--out", "OUT"),
    "improve": ("improve", "treaty-alliance", "--futures", "20", "--years", "1", "--out", "OUT"),
    "crossings simulate": ("crossings", "simulate", "--from", "2026-12-07", "--days", "1", "--out", "OUT"),
    "evidence book": ("evidence", "book", "--out", "OUT"),
}

WORDS: tuple[str, ...] = (
    "\x1b[2J", "a\udc80", "\ud800", "a\0b", "x" * 100_000, "", " ", "-", "--", "—", "'; rm -rf ~ #", "$(id)", "%s%n",
    "{0.__class__}", "../../../etc/passwd", "日本", "\u202e", "1e999", "nan", "9" * 5000, "²",
)  # fmt: skip

# Commands that take a word that is not a file; every one of WORDS is refused, or found to fit nothing.
WORDED: dict[str, tuple[str, ...]] = {
    "why": ("why", "WORD"),
    "evidence show": ("evidence", "show", "WORD"),
    "evidence search": ("evidence", "search", "WORD"),
    "evidence search --kind": ("evidence", "search", "a", "--kind", "WORD"),
    "evidence timeline --from": ("evidence", "timeline", "--from", "WORD"),
    "levers": ("levers", "WORD"),
    "hindcast": ("hindcast", "WORD", "--draws", "10"),
    "run --start": ("run", "status-quo", "--futures", "20", "--start", "WORD"),
    "run --futures": ("run", "status-quo", "--futures", "WORD"),
    "run --years": ("run", "status-quo", "--futures", "20", "--years", "WORD"),
    "run --seed": ("run", "status-quo", "--futures", "20", "--years", "1", "--seed", "WORD"),
    "run --lang": ("run", "status-quo", "--lang", "WORD"),
    "compare --weights": ("compare", "--weights", "WORD", "--futures", "3"),
    "compare --thresholds": ("compare", "--thresholds", "WORD", "--futures", "3"),
    "compare --scheduler": ("compare", "--scheduler", "WORD", "--futures", "3"),
    "believe --on": ("believe", "border-leverage", "--over", "status-quo", "--on", "WORD", "--futures", "3"),
    "sensitivity": ("sensitivity", "WORD", "--futures", "3"),
    "discover --outcome": ("discover", "good.csv", "--outcome", "WORD", "--over", "a"),
    "discover --over": ("discover", "good.csv", "--outcome", "hit", "--over", "WORD"),
    "data show": ("data", "show", "WORD"),
    "data show --from": ("data", "show", "entries.trucks", "--from", "WORD"),
    "data show --where": ("data", "show", "entries.trucks", "--where", "WORD"),
    "data gaps": ("data", "gaps", "WORD"),
    "data fetch": ("data", "fetch", "WORD"),
    "data fetch --from-url": ("data", "fetch", "bts-border-crossings", "--from-url", "WORD"),
    "data fetch --url": ("data", "fetch", "bts-border-crossings", "--url", "WORD"),
    "effect": ("effect", "WORD", "--on", "entries.trucks"),
    "effect --on": ("effect", "texas-inspections-2022", "--on", "WORD"),
    "effect --part": ("effect", "texas-inspections-2022", "--on", "entries.trucks", "--part", "WORD"),
    "indicators value": ("indicators", "value", "WORD"),
    "crossings simulate --from": ("crossings", "simulate", "--from", "WORD"),
    "crossings simulate --seed": ("crossings", "simulate", "--from", "2026-12-07", "--days", "1", "--seed", "WORD"),
    "strategies show": ("strategies", "show", "WORD"),
    "an option": ("strategies", "list", "--WORD"),
    "a command": ("WORD",),
}

# Numbers that ask for more than any machine has, or than the calendar holds.
TOO_MUCH: tuple[tuple[str, ...], ...] = (
    ("run", "status-quo", "--futures", "3000000"),
    ("run", "status-quo", "--futures", "999999999999999999999"),
    ("run", "status-quo", "--futures", "-5"),
    ("run", "status-quo", "--futures", "0"),
    ("run", "status-quo", "--futures", "20", "--years", "1e18"),
    ("run", "status-quo", "--futures", "20", "--years", "nan"),
    ("run", "status-quo", "--futures", "20", "--years", "-1"),
    ("run", "status-quo", "--futures", "20", "--start", "9999-06-01"),
    ("run", "status-quo", "--futures", "20", "--start", "0001-01-01"),
    ("run", "status-quo", "--futures", "20", "--seed", "-1"),
    ("run", "status-quo", "--futures", "20", "--seed", str(2**70)),
    ("run", "status-quo", "--futures", "20", "--explain", "10000000000000000000000"),
    ("hindcast", "--draws", "50000000"),
    ("hindcast", "--draws", "0"),
    ("hindcast", "--draws", "-1"),
    ("hindcast", "--draws", "100", "--seed", str(2**70)),
    ("compare", "--futures", "100000000"),
    ("compare", "--futures", "1000000", "--chunk", "1000000"),
    ("compare", "--futures", "20", "--seed", str(2**70)),
    ("compare", "--futures", "20", "--years", "1e300"),
    ("improve", "border-leverage", "--futures", "5000000"),
    ("improve", "border-leverage", "--futures", "20", "--size", "1000000000"),
    ("improve", "border-leverage", "--futures", "20", "--rounds", "10000000000"),
    ("sensitivity", "arrivals", "--futures", "100", "--years", "1", "--sobol", "--base", "1073741824"),
    ("sensitivity", "arrivals", "--futures", "100", "--years", "1", "--sobol", "--base", "-8"),
    ("sensitivity", "arrivals", "--futures", "100", "--years", "1", "--sobol", "--base", "3"),
    ("crossings", "simulate", "--from", "9999-12-31", "--days", "7"),
    ("crossings", "simulate", "--from", "0001-01-01", "--days", "7"),
    ("crossings", "simulate", "--from", "2026-12-07", "--days", "1000000000"),
    ("crossings", "simulate", "--from", "2026-12-07", "--days", "-1"),
    ("crossings", "simulate", "--from", "2026-12-07", "--days", "0"),
    ("crossings", "simulate", "--from", "2026-12-07", "--days", "1", "--threads", "100000000"),
    ("crossings", "simulate", "--from", "2026-12-07", "--days", "1", "--seed", str(2**64)),
    ("discover", "good.csv", "--outcome", "hit", "--over", "a", "--step", "1000000000000"),
    ("discover", "good.csv", "--outcome", "hit", "--over", "a", "--seed", "-1"),
    ("evidence", "timeline", "--from", "99999"),
    ("data", "show", "entries.trucks", "--from", "9999-12", "--to", "9999-12"),
    ("data", "show", "entries.trucks", "--from", "2019-03", "--to", "2019-01"),
    ("backtest", "border-leverage", "--from", "9999-12-31"),
    ("today", "border-leverage", "--as-of", "9999-12-31"),
)  # fmt: skip

GOOD_RUNS = "a,b,hit\n" + "".join(
    f"{n % 17},{(n * 7) % 13},{int(n % 17 > 8 and (n * 7) % 13 > 4)}\n" for n in range(300)
)


def fresh(base: Path) -> Path:
    """An empty folder with a good table of runs in it."""
    here = base / "here"
    shutil.rmtree(here, ignore_errors=True)
    here.mkdir(parents=True)
    (here / "good.csv").write_text(GOOD_RUNS)
    return here


def _trial(kind: str, name: str, words: tuple[str, ...], here: Path, **how: object) -> Trial:
    env = {"BORDERLAB_DATA": str(here / "data"), **how.pop("env", {})}  # type: ignore[dict-item]
    return Trial(kind, name, words, str(here), env, **how)  # type: ignore[arg-type]


def inputs(base: Path) -> Iterator[Trial]:
    """Every reader with every hostile input."""
    for command, words in READERS.items():
        for what, make in INPUTS.items():
            here = fresh(base)
            file = make(here)
            yield _trial(
                "inputs", f"{command}: {what}", tuple(file if w == "FILE" else w for w in words), here, seconds=20
            )


def outputs(base: Path) -> Iterator[Trial]:
    """Every writer with every place that cannot take what it writes, and single files likewise."""
    for command, words in WRITERS.items():
        for what, make in OUTPUTS.items():
            here = fresh(base)
            out = make(here)
            yield _trial(
                "outputs", f"{command}: {what}", tuple(out if w == "OUT" else w for w in words), here, seconds=60
            )
    for what, make in OUTPUTS.items():
        if what == "link to a file":
            continue
        here = fresh(base)
        out = make(here)
        yield _trial("outputs", f"strategies new: {what}", ("strategies", "new", out), here)
        here = fresh(base)
        make(here)
        chart = out + ".svg" if what != "a stranger's folder" else "mine/x/y.txt"
        if what in ("device", "a file there", "pipe", "socket", "link to itself", "read-only") and chart.endswith(
            ".svg"
        ):
            continue  # with another ending these are good names
        yield _trial(
            "outputs", f"timeline --chart: {what}", ("evidence", "timeline", "--chart", chart), here, seconds=60
        )
    for what, make in OUTPUTS.items():
        if what in ("zero byte", "half a letter"):
            continue  # no environment can hold them
        here = fresh(base)
        home = make(here)
        yield _trial(
            "outputs", f"data home: {what}", ("data", "import", "good.csv"), here, env={"BORDERLAB_DATA": home}
        )  # fmt: skip


def words(base: Path) -> Iterator[Trial]:
    """Every option that takes a word, with words that are none."""
    for command, line in WORDED.items():
        for word in WORDS:
            here = fresh(base)
            filled = tuple(part.replace("WORD", word) for part in line)
            allowed = (0, 2) if _may_fit(command, word) else (2,)
            yield _trial("words", f"{command}: {word[:20]!r}", filled, here, allowed=allowed, seconds=60)


def _may_fit(command: str, word: str) -> bool:
    # A search that finds nothing, or a blank that means "as if not given", is no error.
    return (
        command.startswith("evidence search")
        or word.strip() in ("", "-", "--")
        or (command, word) in (("run --seed", "²"), ("run --years", "²"))
    )


def too_much(base: Path) -> Iterator[Trial]:
    """Numbers beyond every machine and calendar."""
    for line in TOO_MUCH:
        here = fresh(base)
        good = line[:2] in (("data", "show"), ("evidence", "timeline")) or {"--step", "--threads", "0001-01-01"} & set(
            line
        )
        allowed = (0, 2) if good or line[0] == "discover" else (2,)
        yield _trial("too much", " ".join(line)[:120], line, here, allowed=allowed, seconds=60)


def yaml_files(base: Path, share: float = 1.0, seed: int = 1) -> Iterator[Trial]:
    """Strategy and scenario files broken in whole and in each part."""
    draw = random.Random(seed)
    for kind, words in (("strategy files", ("strategies", "check")), ("scenario files", (READ_SCENARIO,))):
        for name, raw in texts.WHOLE_YAML.items():
            here = fresh(base)
            (here / "x.yaml").write_bytes(raw)
            yield _trial(kind, name, (*words, "x.yaml"), here, seconds=60)
        folder = REFERENCE / ("strategies" if kind == "strategy files" else "scenarios")
        for path in sorted(folder.glob("*.yaml")):
            for name, text in texts.yaml_mutants(path.read_text(encoding="utf-8"), seed):
                if draw.random() >= share:
                    continue
                here = fresh(base)
                (here / "x.yaml").write_text(text, encoding="utf-8", errors="surrogatepass")
                yield _trial(kind, f"{path.stem}, {name}", (*words, "x.yaml"), here, allowed=(0, 2))


def layered_files(base: Path) -> Iterator[Trial]:
    """Strategies that stand on others without end, in circles, or twice over."""
    head = "schema: borderlab/strategy/1\nid: s{n}\ntitle: {{en: A, es: A}}\ngist: {{en: a, es: a}}\n"
    lever = "levers:\n  - {{lever: us.fast_share_added, value: {v} points}}\n"
    shapes = {
        "doubled forty deep": (40, lambda n: f"base: [s{n + 1}.yaml, ./s{n + 1}.yaml]\n"),
        "doubled fifteen deep": (15, lambda n: f"base: [s{n + 1}.yaml, ./s{n + 1}.yaml]\n"),
        "a thousand deep": (1000, lambda n: f"base: s{n + 1}.yaml\n"),
        "a circle": (3, lambda n: f"base: s{(n + 1) % 3}.yaml\n"),
        "a device below": (1, lambda n: "base: /dev/zero\n"),
        "a folder below": (1, lambda n: "base: .\n"),
        "itself": (1, lambda n: "base: s0.yaml\n"),
        "a long name below": (1, lambda n: f"base: {'x' * 300}\n"),
        "a zero byte below": (1, lambda n: 'base: "a\\0b"\n'),
        "a list below": (1, lambda n: "base: [[a]]\n"),
    }
    for name, (count, below) in shapes.items():
        here = fresh(base)
        for n in range(count):
            (here / f"s{n}.yaml").write_text(head.format(n=n) + below(n) + lever.format(v=1 + n % 9))
        (here / f"s{count}.yaml").write_text(head.format(n=count) + lever.format(v=5))
        good = (0, 2) if name == "doubled fifteen deep" else (2,)
        yield _trial("layered files", name, ("strategies", "check", "s0.yaml"), here, allowed=good)
    here = fresh(base)
    line = "  - {lever: us.tariff, value: 5 %, from: 2027-01-01}\n"
    (here / "x.yaml").write_text(head.format(n=1) + "levers:\n" + line * 40_000)
    yield _trial("layered files", "two megabytes of levers", ("strategies", "check", "x.yaml"), here)
    (here / "y.yaml").write_text(head.format(n=1) + "levers:\n" + line * 4_000)
    yield _trial("layered files", "all that may be read of levers", ("strategies", "check", "y.yaml"), here, seconds=60)
    items = ", ".join(["world-trade"] * 5000)
    many = "".join(f"  - {{lever: us.freight_inspection_share, value: {n % 50 + 30} %, at: *a}}\n" for n in range(2000))
    (here / "z.yaml").write_text(
        head.format(n=1)
        + f"levers:\n  - {{lever: us.freight_inspection_share, value: 25 %, at: &a [{items}]}}\n"
        + many
    )
    yield _trial(
        "layered files", "a list of places named again and again", ("strategies", "check", "z.yaml"), here, seconds=60
    )


def tables(base: Path, share: float = 1.0, seed: int = 1) -> Iterator[Trial]:
    """Tables broken in whole and cell by cell, for every command that reads one."""
    draw = random.Random(seed)
    lines = {
        "discover": ("discover", "x.csv", "--outcome", "hit", "--over", "a,b", "--json"),
        "data import": ("data", "import", "x.csv"),
        "calibrate": ("crossings", "calibrate", "--counts", "x.csv", "--waits", "x.csv"),
        "score": ("crossings", "score", "--waits", "x.csv"),
    }
    for command, line in lines.items():
        for name, raw in texts.WHOLE_CSV.items():
            here = fresh(base)
            (here / "x.csv").write_bytes(raw)
            yield _trial("tables", f"{command}: {name}", line, here, seconds=60)
    for name, raw in texts.csv_mutants(GOOD_RUNS, seed):
        if draw.random() < share:
            here = fresh(base)
            (here / "x.csv").write_bytes(raw)
            yield _trial("tables", f"discover: {name}", lines["discover"], here, allowed=(0, 2))
    for source, text in _public_files().items():
        for name, raw in texts.csv_mutants(text, seed):
            if draw.random() < share:
                here = fresh(base)
                (here / "x.csv").write_bytes(raw)
                yield _trial("tables", f"import {source}: {name}", lines["data import"], here, allowed=(0, 2))


def _public_files() -> dict[str, str]:
    """Small good files of two publishers, made up here: the headings are theirs, the figures are not."""
    ports = (("Laredo", "2304"), ("Hidalgo", "2305"), ("El Paso", "2402"))
    bts = ["Port Name,State,Port Code,Border,Date,Measure,Value,Latitude,Longitude,Point"]
    bts += [
        f"{name},Texas,{code},US-Mexico Border,{month} 2019,Trucks,{1000 + n * 37 + m},27.5,-99.5,POINT (-99.5 27.5)"
        for n, (name, code) in enumerate(ports)
        for m, month in enumerate(("Jan", "Feb", "Mar"))
    ]
    seized = [
        "FY,Month (abbv),Component,Region,Land Filter,Area of Responsibility,Drug Type,Count of Event,Sum Qty (lbs)"
    ]
    office = "Office of Field Operations,Southwest Border,Land Only,LAREDO FIELD OFFICE"
    seized += [f"2023,{month},{office},Fentanyl,3,{n + 12.5}" for n, month in enumerate(("OCT", "NOV", "DEC"))]
    return {"counts": "\n".join(bts) + "\n", "seizures": "\n".join(seized) + "\n"}


def archives(base: Path) -> Iterator[Trial]:
    """Packed files that are bombs, lie about themselves, or lead elsewhere."""
    good = _public_files()["counts"].encode()

    def zipped(*members: tuple[str, bytes], **how: int) -> bytes:
        kept = io.BytesIO()
        with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED, **how) as archive:  # type: ignore[arg-type]
            for name, raw in members:
                archive.writestr(name, raw)
        return kept.getvalue()

    plain = zipped(("a.csv", good))
    inner = zipped(("a.csv", b"0" * 50_000_000))
    cases = {
        "gzip bomb": gzip.compress(b"0" * 300_000_000),
        "zip bomb": zipped(("a.csv", b"0" * 300_000_000)),
        "zip in a zip": zipped(("a.zip", inner)),
        "path outside": zipped(("../../evil.csv", good)),
        "absolute path": zipped(("/etc/evil.csv", good)),
        "backslashes": zipped(("..\\..\\evil.csv", good)),
        "no member": zipped(),
        "ten thousand members": zipped(*((f"{n}.csv", b"a,b\n1,2\n") for n in range(10_000))),
        "the same name twice": zipped(("a.csv", good), ("b.csv", good)),
        "cut zip": plain[:-30],
        "cut gzip": gzip.compress(good)[:-10],
        "local header lies of size": plain[:18] + b"\xff\xff\xff\x7f" * 2 + plain[26:],
        "local header lies of name": plain.replace(b"a.csv", b"b.csv", 1),
        "directory lies of size": plain[::-1].replace(len(good).to_bytes(4, "little")[::-1], b"\x7f\xff\xff\xff", 1)[
            ::-1
        ],
        "directory lies of place": plain[:-6] + b"\xff\xff\xff\x7f\0\0",
        "wrong checksum": plain[:14] + b"\0\0\0\0" + plain[18:],
        "unknown method": plain[:8] + b"\x63\0" + plain[10:],
        "locked": plain[:6] + b"\x01\0" + plain[8:],
        "gzip with rubbish after": gzip.compress(good) + b"rubbish" * 100,
        "gzip twice": gzip.compress(gzip.compress(good)),
    }
    for name, raw in cases.items():
        for command in (("data", "import", "x.zip"), ("crossings", "score", "--waits", "x.zip")):
            here = fresh(base)
            (here / "x.zip").write_bytes(raw)
            allowed = (0, 2) if command[0] == "data" else (2,)
            yield _trial("archives", f"{command[0]}: {name}", command, here, allowed=allowed, seconds=90)


def fitted_tables(base: Path, share: float = 1.0, seed: int = 1) -> Iterator[Trial]:
    """Fitted tables of the border with one value changed."""
    draw = random.Random(seed)
    good = json.loads((REFERENCE / "crossings" / "fitted.json").read_text(encoding="utf-8"))
    waits = "port_number,crossing_name\n1,2\n"
    for name, value in texts.json_mutants(good, seed, 300):
        if draw.random() < share:
            here = fresh(base)
            (here / "table.json").write_text(json.dumps(value), encoding="utf-8")
            (here / "waits.csv").write_text(waits)
            line = ("crossings", "score", "--waits", "waits.csv", "--table", "table.json")
            yield _trial("fitted tables", name, line, here, seconds=60)


def run_folders(base: Path, whole: Path, share: float = 1.0, seed: int = 1) -> Iterator[Trial]:
    """Folders of runs with one value of the journal or one file changed; ``whole`` is a good one."""
    draw = random.Random(seed)
    good = json.loads((whole / "journal.json").read_text(encoding="utf-8"))
    for name, value in texts.json_mutants(good, seed, 400):
        if draw.random() >= share:
            continue
        for command in (("report", "run"), ("compare", "--resume", "run", "--workers", "1")):
            here = fresh(base)
            shutil.copytree(whole, here / "run")
            (here / "run" / "journal.json").write_text(json.dumps(value), encoding="utf-8")
            yield _trial("run folders", f"{command[0]}, {name}", command, here, allowed=(0, 2), seconds=90)
    for file in ("journal.json", "chunks/00000.npz", "chunks/00001.npz"):
        raw = (whole / file).read_bytes()
        for _ in range(max(1, round(20 * share))):
            at = draw.randrange(len(raw))
            for what, changed in (("cut", raw[:at]), ("byte", raw[:at] + b"\xff" + raw[at + 1 :]), ("empty", b"")):
                here = fresh(base)
                shutil.copytree(whole, here / "run")
                (here / "run" / file).write_bytes(changed)
                command = ("report", "run")
                yield _trial("run folders", f"{file} {what} {at}", command, here, allowed=(0, 2), seconds=90)
    places: dict[str, Make] = {k: v for k, v in INPUTS.items() if k in ("pipe", "socket", "sparse 10 GB", "folder")}
    for file in ("journal.json", "chunks", "chunks/00000.npz", "tables", "results.json", "report.html", ".lock"):
        for what, make in places.items():
            for command in (("report", "run"), ("compare", "--resume", "run", "--workers", "1")):
                here = fresh(base)
                shutil.copytree(whole, here / "run")
                target = here / "run" / file
                shutil.rmtree(target, ignore_errors=True)
                target.unlink(missing_ok=True)
                target.symlink_to(here / make(here))
                yield _trial("run folders", f"{command[0]}, {file}: {what}", command, here, allowed=(0, 2), seconds=90)
