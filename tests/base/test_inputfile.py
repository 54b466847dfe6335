"""The one door for a user's files: whatever a name leads to, bytes or one message, at once and within limits."""

from __future__ import annotations

import os
import socket
import time

import pytest

from borderlab.base.inputfile import kind_of, open_file, parse_json, read_bytes, read_json, read_text
from borderlab.base.problems import InputError

NAMES = ["missing", "folder", "pipe", "link to a pipe", "zero", "link to zero", "socket", "sparse", "circle", "long",
         "zero byte", "half a letter", "below a file", "empty name"]  # fmt: skip


def place(tmp_path, what):
    """A path of that kind."""
    path = tmp_path / "x"
    if what == "folder":
        path.mkdir()
    elif what == "pipe":
        os.mkfifo(path)
    elif what == "link to a pipe":
        os.mkfifo(tmp_path / "y")
        path.symlink_to("y")
    elif what == "zero":
        return "/dev/zero"
    elif what == "link to zero":
        path.symlink_to("/dev/zero")
    elif what == "socket":
        with socket.socket(socket.AF_UNIX) as one:
            one.bind(str(path))
    elif what == "sparse":
        with path.open("wb") as handle:
            handle.truncate(10**10)
    elif what == "circle":
        path.symlink_to(tmp_path / "x")
    elif what == "long":
        return str(tmp_path / ("x" * 300))
    elif what == "zero byte":
        return f"{tmp_path}/a\0b"
    elif what == "half a letter":
        return f"{tmp_path}/a\ud800b"
    elif what == "below a file":
        path.write_text("x")
        return path / "y"
    elif what == "empty name":
        return ""
    return path


@pytest.mark.parametrize("what", NAMES)
@pytest.mark.parametrize("read", [read_bytes, read_text, read_json, open_file])
def test_what_is_no_file_is_one_message_at_once(tmp_path, what, read):
    path = place(tmp_path, what)
    begun = time.monotonic()
    with pytest.raises(InputError) as caught:
        read(path, most=1_000_000)
    assert time.monotonic() - begun < 1
    (problem,) = caught.value.problems
    assert problem.cause.endswith(".")
    assert len(str(problem)) < 600


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("missing", "No such file"),
        ("folder", "is a folder; a file is needed"),
        ("pipe", "is a pipe; a file is needed"),
        ("zero", "is a device; a file is needed"),
        ("socket", "is a socket; a file is needed"),
        ("sparse", r"10,000 MB; at most 1\.0 MB are read"),
        ("long", "name too long"),
        ("zero byte", "no name of a file"),
        ("circle", "symbolic links"),
    ],
)
def test_the_message_says_what_it_is(tmp_path, what, said):
    with pytest.raises(InputError, match=f"(?i){said}"):
        read_bytes(place(tmp_path, what), most=1_000_000)


def test_the_limit_is_of_what_is_read_and_not_of_what_was_said(tmp_path):
    """Files of /proc say that they are empty."""
    with pytest.raises(InputError, match="at most"):
        read_bytes("/proc/self/maps", most=10)
    (tmp_path / "x").write_bytes(b"12345")
    assert read_bytes(tmp_path / "x", most=5) == b"12345"
    with pytest.raises(InputError):
        read_bytes(tmp_path / "x", most=4)


def test_a_file_without_rights(tmp_path):
    if os.geteuid() == 0:
        pytest.skip("root may read anything")
    path = tmp_path / "x"
    path.write_text("x")
    path.chmod(0)
    with pytest.raises(InputError, match="Permission denied"):
        read_bytes(path, most=10)


def test_text_keeps_its_line_in_the_message(tmp_path):
    (tmp_path / "x").write_bytes("\ufeffuno\ndos\n".encode() + b"tres \xff\n")
    with pytest.raises(InputError, match=r"x:3: the file is not UTF-8"):
        read_text(tmp_path / "x", most=100)
    (tmp_path / "x").write_bytes("\ufeffuno".encode())
    assert read_text(tmp_path / "x", most=100) == "uno"


@pytest.mark.parametrize(
    "text",
    ["", "{", "[1,]", "NaN", "[Infinity]", "1e999", "-1e999", "9" * 41, "[" * 100_000, '{"a":' * 50_000,
     '"\\ud800"', '{"\\udc00": 1}', "'a'", "{'a': 1}", "1 2", "\x00"],
)  # fmt: skip
def test_json_that_cannot_be_held_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        parse_json(text)


def test_json_is_read(tmp_path):
    (tmp_path / "x").write_text('{"a": [1, -2.5e3, true, null, "\\ud83d\\ude42"]}')
    assert read_json(tmp_path / "x", most=100) == {"a": [1, -2500.0, True, None, "🙂"]}


def test_kinds(tmp_path):
    (tmp_path / "file").write_text("")
    assert kind_of(tmp_path / "file") == "file"
    assert kind_of(tmp_path) == "folder"
    assert kind_of(tmp_path / "none") == kind_of(tmp_path / "file" / "below") == "nothing"
    assert kind_of("/dev/null") == "other"
    for name in ("x" * 300, "a\0b"):
        with pytest.raises(InputError):
            kind_of(tmp_path / name)


def test_no_handle_is_left_open(tmp_path):
    before = len(os.listdir("/proc/self/fd"))
    for what in ("folder", "pipe", "sparse"):
        (tmp_path / what).mkdir()
        with pytest.raises(InputError):
            open_file(place(tmp_path / what, what), most=1)
    assert len(os.listdir("/proc/self/fd")) == before
