"""Texts that break readers: made from good ones by changing one thing at a time."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

# What stands where a word, a number, a list or a mapping should.
VALUES: tuple[str, ...] = (
    "[]", "{}", "[close]", "{a: 1}", "[[1, 2], [3]]", "null", "~", "''", "' '", "true", "0", "-1", "1e999", ".nan",
    "-.inf", "99999999999999999999", "9" * 5000, "'1e308 weeks'", "'1e400 %'", "'9e99 people'", "'10000000000 years'",
    "'0 weeks'", "'-3 weeks'", "'nan %'", "'inf weeks'", "2027-13-45", "0001-01-01", "9999-12-31",
    "2027-01-04T12:00:00+23:59", '"\\ud800"', '"\\0"', '"\\e[2J"', '"a\\nb"', "'../../etc/passwd'", "'/dev/zero'",
    "'" + "x" * 20_000 + "'", "!!python/object/apply:os.system ['touch ran']", "!!binary aGk=", "!!set {a, b}",
    "!!omap [a: 1]", "!x y", "*nowhere", "&a [*a]", "{? [1, 2] : 3}", "{<<: [1]}", "{<<: {a: 1}}",
    "[" * 40 + "]" * 40, "{a: " * 100 + "1" + "}" * 100, "0x7fffffffffffffffffff", "'²'", "'١٢ weeks'", "1_000_000",
    "'1,5 %'", "|\n  block", "? a", "%", "@", "`", "- - -", "'{0.__class__}'", "'%s%n'", "'${HOME}'", "'<script>'",
)  # fmt: skip

WHOLE_YAML: dict[str, bytes] = {
    "empty": b"",
    "blank": b" \n\t\n",
    "comment": b"# nothing\n",
    "list": b"- 1\n",
    "text": b"just words\n",
    "number": b"7\n",
    "null": b"~\n",
    "zero bytes": b"\0" * 4096,
    "utf-16": "a: 1\n".encode("utf-16"),
    "latin-1": "title: situación\n".encode("latin-1"),
    "torn letter": "a: é".encode()[:-1],
    "lone surrogate": b'a: "\\ud800"\n',
    "surrogate bytes": b"a: \xed\xa0\x80\n",
    "control": b"a: \x07\x1b[2J\n",
    "tab": b"a:\n\t- b\n",
    "carriage returns": b"a: 1\rb: 2\r",
    "self": b"a: &x\n  <<: *x\n  b: 1\n",
    "self list": b"a: &x [*x]\n",
    "self deep": b"a: &x {b: {c: [*x]}}\n",
    "list as key": b"? [1, 2]\n: 3\n",
    "mapping as key": b"? {a: 1}\n: 3\n",
    "null as key": b"~: 1\n",
    "number as key": b"1: 2\n2.5: 3\ntrue: 4\n",
    "date as key": b"2027-01-01: 2\n",
    "merge of a list": b"<<: [1, 2]\na: 1\n",
    "merge of a word": b"<<: a\n",
    "two documents": b"---\na: 1\n---\nb: 2\n",
    "no day": b"a: 2022-04-31\n",
    "no number": b"!!int a: 3\n",
    "python": b"!!python/object/apply:os.system ['touch ran']\n",
    "python inside": b"a: !!python/object/new:os.system ['touch ran']\n",
    "deep list": b"a: " + b"[" * 20_000,
    "deep mapping": b"a: " + b"{b: " * 20_000,
    "deep lines": b"".join(b" " * n + b"a:\n" for n in range(400)),
    "deep references": b"a0: &a0 [1]\n" + b"".join(b"a%d: &a%d [*a%d]\n" % (n, n, n - 1) for n in range(1, 500)),
    "alias bomb": b"a0: &a0 [1]\n" + b"".join(b"a%d: &a%d [*a%d, *a%d]\n" % (n, n, n - 1, n - 1) for n in range(1, 60)),
    "long line": b"a: '" + b"x" * 200_000 + b"'\n",
    "many keys": b"".join(b"k%d: 1\n" % n for n in range(20_000)),
    "five thousand digits": b"a: " + b"9" * 5000 + b"\n",
    "too large": b"a: 1\n" * 500_000,
    "json": b'{"a": [1, 2, {"b": null}]}',
    "html": b"<!doctype html><html><body>404</body></html>",
    "zip": b"PK\x03\x04" + b"\0" * 100,
    "gzip": b"\x1f\x8b\x08\0" + b"\0" * 100,
    "anchors only": b"&a a: &b 1\n*a : *b\n",
}  # fmt: skip


def yaml_mutants(text: str, seed: int) -> Iterator[tuple[str, str]]:
    """(name, text): the text with the value of each line replaced in turn, lines left out, doubled and cut."""
    lines = text.splitlines()
    draw = random.Random(seed)
    for number, line in enumerate(lines):
        head, mark, value = line.partition(": ")
        if not mark or line.lstrip().startswith("#"):
            continue
        for wrong in draw.sample(VALUES, 8):
            yield (
                f"line {number + 1}: {wrong[:40]}",
                "\n".join([*lines[:number], f"{head}: {wrong}", *lines[number + 1 :]]),
            )
        if "{" in value or "[" in value:
            yield from _inner_mutants(lines, number, draw)
    for number in range(len(lines)):
        yield f"without line {number + 1}", "\n".join(lines[:number] + lines[number + 1 :])
    for _ in range(20):
        cut = draw.randrange(len(text))
        yield f"cut at {cut}", text[:cut]
        place = draw.randrange(len(text))
        yield f"letter {place}", text[:place] + draw.choice("[]{}:,&*!|>'\"%@`\t\x00é#-?") + text[place + 1 :]


def _inner_mutants(lines: list[str], number: int, draw: random.Random) -> Iterator[tuple[str, str]]:
    """Values inside braces on one line."""
    line = lines[number]
    places = [at for at in range(len(line)) if line.startswith(": ", at)]
    for at in places[1:]:
        end = min((place for sign in ",}]" if (place := line.find(sign, at)) >= 0), default=len(line))
        for wrong in draw.sample(VALUES, 4):
            if "\n" not in wrong:
                changed = f"{line[: at + 2]}{wrong}{line[end:]}"
                yield (
                    f"line {number + 1}+{at}: {wrong[:40]}",
                    "\n".join([*lines[:number], changed, *lines[number + 1 :]]),
                )


CELLS: tuple[str, ...] = (
    "", " ", "nan", "NaN", "inf", "-inf", "1e999", "-1", "1e308", "9" * 400, "9" * 5000, "1,5", "1.000.000", "=1+1",
    "@SUM(A1)", "\x00", "\x1b[2J", "\ufeff", "\ud7ff", "'", '"', '""', "é" * 50, "x" * 5000, "2027-13-45", "0000-00-00",
    "9999-12-31", "TRUE", "null", "None", "<b>", "{}", "1;2", "-0", "0x10", "١٢", "1_000", "+5", "5%", "$5", "1 000",
)  # fmt: skip

WHOLE_CSV: dict[str, bytes] = {
    "empty": b"",
    "blank": b"\n\n\n",
    "one line": b"a,b\n",
    "no line end": b"a,b",
    "zero bytes": b"\0" * 10_000,
    "utf-16": "a,b\n1,2\n".encode("utf-16"),
    "latin-1": "año,b\n1,2\n".encode("latin-1"),
    "carriage returns": b"a,b\r1,2\r3,4\r",
    "mixed ends": b"a,b\r\n1,2\n3,4\r5,6\n",
    "a million columns": b",".join(b"c%d" % n for n in range(1_000_000)) + b"\n" + b"1," * 999_999 + b"1\n",
    "the same column often": b"a," * 50_000 + b"a\n" + b"1," * 50_000 + b"1\n",
    "a long cell": b"a,b\n" + b"x" * 5_000_000 + b",1\n",
    "open quote": b'a,b\n"1,2\n3,4\n',
    "quote inside": b'a,b\n1"2,3\n',
    "ragged": b"a,b\n1\n1,2,3\n,,,,,\n",
    "only commas": b"," * 100_000,
    "binary": bytes(range(256)) * 100,
    "html": b"<!doctype html><html><body>Error 503</body></html>",
    "json": b'[{"a": 1}]',
    "deep json": b"[" * 100_000,
    "json of no numbers": b'[{"a": NaN, "b": Infinity}]',
    "json of many digits": b'[{"a": ' + b"9" * 5000 + b"}]",
    "surrogates": b'[{"a": "\\ud800"}]',
    "xml": b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'bb'><!ENTITY c '&b;&b;&b;'>]><a>&c;</a>",
    "pickle": b"\x80\x04\x95\x1f\x00\x00\x00\x00\x00\x00\x00\x8c\x05posix\x8c\x06system\x93\x8c\ttouch ran\x85R.",
    "zip that lies": b"PK\x03\x04\x14\0\0\0\x08\0" + b"\xff" * 200,
    "gzip cut": b"\x1f\x8b\x08\0\0\0\0\0\0\x03K",
    "gzip of nothing": b"\x1f\x8b\x08\0\0\0\0\0\0\x03\x03\0\0\0\0\0\0\0\0\0",
}  # fmt: skip


def csv_mutants(text: str, seed: int) -> Iterator[tuple[str, bytes]]:
    """(name, bytes): the table with one cell replaced, one column renamed, rows doubled, cut."""
    lines = text.splitlines()
    draw = random.Random(seed)
    wide = len(lines[0].split(","))
    for cell in CELLS:
        for place in range(min(wide, 12)):
            changed = list(lines)
            row = draw.randrange(len(lines))
            cells = changed[row].split(",")
            cells[min(place, len(cells) - 1)] = cell
            changed[row] = ",".join(cells)
            yield f"cell {row},{place}: {cell[:20]!r}", "\n".join(changed).encode("utf-8", "surrogatepass") + b"\n"
    for _ in range(20):
        raw = ("\n".join(lines) + "\n").encode()
        cut = draw.randrange(len(raw))
        yield f"cut at {cut}", raw[:cut]
        yield f"byte {cut}", raw[:cut] + bytes([draw.randrange(256)]) + raw[cut + 1 :]
        yield f"doubled from {cut}", raw + raw[cut:]


def json_mutants(value: Any, seed: int, count: int) -> Iterator[tuple[str, Any]]:
    """(name, value): a JSON value with one of its parts replaced, left out or doubled."""
    draw = random.Random(seed)
    paths = list(_paths(value, ()))
    wrong = [None, True, 0, -1, 1e308, 10**30, "", "x" * 5000, [], {}, [[]], {"a": 1}, "\x1b[2J", "../..", [None] * 50]
    for _ in range(count):
        path = draw.choice(paths)
        new = draw.choice(wrong)
        yield f"{'.'.join(map(str, path))[:80]} = {str(new)[:20]}", _replaced(value, path, new)


def _paths(value: Any, above: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    if above:
        yield above
    if len(above) > 8:
        return
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _paths(one, (*above, key))
    elif isinstance(value, list):
        for place, one in enumerate(value[:30]):
            yield from _paths(one, (*above, place))


def _replaced(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    if isinstance(value, dict):
        return {key: _replaced(one, path[1:], new) if key == path[0] else one for key, one in value.items()}
    return [_replaced(one, path[1:], new) if place == path[0] else one for place, one in enumerate(value)]
