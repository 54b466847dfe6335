"""What reaches a terminal: no commands in other people's words, letters that it can show, and closed streams."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys

import pytest

from borderlab.base.printing import CleanStream, ReaderGone, clean_output, cleaned, json_text

RUN = [sys.executable, "-c", "from borderlab.cli.main import run; run()"]


@pytest.mark.parametrize(
    "command",
    ["\x1b[2J", "\x1b]0;title\x07", "\x9b31m", "\b\b\b", "\r", "\x7f", "\u202e", "\u2066", "\u200f", "\ud83d"],
)
def test_commands_to_a_terminal_are_shown_and_not_obeyed(command):
    found = cleaned(f"a{command}b")
    assert found.startswith("a\\u")
    assert found.endswith("b")
    assert found.isprintable()


@pytest.mark.parametrize("text", ["two\nlines\t", "situación – ≥ 5 km²", "日本語", "🙂"])
def test_words_are_left_alone(text):
    assert cleaned(text) == text


def test_json_stays_json():
    value = {"title": "a\x1bb\x9bc\u202ed"}
    assert json.loads(cleaned(json.dumps(value, ensure_ascii=False))) == value


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp437", "latin-1", "utf-8"])
def test_letters_that_a_stream_lacks_are_replaced(encoding):
    kept = io.BytesIO()
    below = io.TextIOWrapper(kept, encoding=encoding, newline="\n")
    stream = CleanStream(below, needed=True)
    stream.write("México −5 → “8” ≥ ∞ 日 \udc80\n")
    stream.flush()
    text = kept.getvalue().decode(encoding)
    assert text.endswith("\n")
    assert '"' not in text
    if encoding == "ascii":
        assert text == "Mexico -5 -> '8' >= inf ? \\udc80\n"
    if encoding == "utf-8":
        assert text == "México −5 → “8” ≥ ∞ 日 \\udc80\n"


def test_json_of_a_stream_that_lacks_letters_loses_none(monkeypatch):
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding="cp1252"))
    text = json_text({"a": "日 “x”"})
    assert text.isascii()
    assert json.loads(text) == {"a": "日 “x”"}


def test_a_message_that_nobody_reads_stops_nothing():
    class Gone(io.StringIO):
        def write(self, text):
            raise BrokenPipeError

        def flush(self):
            raise BrokenPipeError

    lost = CleanStream(Gone(), needed=False)
    assert lost.write("progress") == 8
    lost.flush()
    with pytest.raises(ReaderGone):
        CleanStream(Gone(), needed=True).write("result")


def test_streams_are_put_back():
    before = sys.stdout, sys.stderr
    with clean_output():
        assert sys.stdout is not before[0]
    assert (sys.stdout, sys.stderr) == before


COMMANDS = [
    ["evidence", "conflicts"],
    ["evidence", "show", "davidson-2020"],
    ["strategies", "show", "border-leverage", "--lang", "es"],
    ["crossings", "list", "--lang", "es"],
    ["levers", "--lang", "es"],
    ["indicators", "--lang", "es"],
    ["effect", "texas-inspections-2022", "--on", "entries.trucks", "--part", "2305"],
    ["why", "mig.noise", "--lang", "es"],
    ["nonsense-–-≥"],
]


@pytest.mark.parametrize("encoding", ["cp1252", "cp437", "ascii"])
@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: " ".join(words[:2]))
def test_a_console_of_another_code_page_gets_its_text(tmp_path, words, encoding):
    env = {**os.environ, "PYTHONIOENCODING": encoding, "BORDERLAB_DATA": str(tmp_path)}
    env.pop("PYTHONUTF8", None)
    done = subprocess.run([*RUN, *words], env=env, capture_output=True, timeout=120)
    err = done.stderr.decode(encoding)
    assert done.returncode == (2 if words[0].startswith("nonsense") else 0), err
    assert "Traceback" not in err
    done.stdout.decode(encoding)


@pytest.mark.parametrize("closed", ["2>&-", ">&-", ">&- 2>&-", "<&- >&- 2>&-", "2>/dev/full"])
def test_closed_streams_are_no_fault(tmp_path, closed):
    folder = tmp_path / "book"
    line = f"{sys.executable} -c 'from borderlab.cli.main import run; run()' evidence book --out {folder} {closed}"
    done = subprocess.run(["bash", "-c", line], capture_output=True, timeout=120)
    assert done.returncode == 0
    assert (folder / "index.html").read_text(encoding="utf-8").rstrip().endswith("</html>")
    assert done.stderr == b""


def test_a_full_output_is_told_with_a_status(tmp_path):
    line = f"{sys.executable} -c 'from borderlab.cli.main import run; run()' levers >/dev/full"
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, timeout=120)
    assert done.returncode == 1
    assert done.stderr == "error: No space left on device. Make room and try again.\n"


def test_head_ends_a_command_quietly():
    line = f"{sys.executable} -c 'from borderlab.cli.main import run; run()' levers | true; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, timeout=120)
    assert done.stdout.splitlines()[-1] == "141"
    assert done.stderr == ""
