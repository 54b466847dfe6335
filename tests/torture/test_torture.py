"""A part of ``make torture`` in the ordinary suite: every command with some of the hostile inputs, places and words."""

from __future__ import annotations

import random

import pytest

from tests.torture import kinds
from tests.torture.trial import Ended, Server, Trial

DRAW = random.Random(20)


@pytest.fixture(scope="module")
def server():
    one = Server()
    yield one
    one.close()


def failures(server, trials):
    """What was wrong, try by try."""
    found = []
    for trial in trials:
        fault = server.run(trial).fault(trial)
        if fault:
            found.append(f"{trial.name}: {fault}")
    return found


# Every command meets every kind of input once; which of them is a matter of its place in the list, not of chance.
@pytest.mark.parametrize("command", kinds.READERS)
def test_readers(server, tmp_path, command):
    place = list(kinds.READERS).index(command)
    names = [name for number, name in enumerate(kinds.INPUTS) if (number + place) % 3 == 0]
    trials = (one for one in kinds.inputs(tmp_path) if one.name in {f"{command}: {name}" for name in names})
    assert not failures(server, trials)


@pytest.mark.parametrize("what", kinds.OUTPUTS)
def test_places_for_output(server, tmp_path, what):
    quick = ("run", "evidence book", "strategies new", "timeline --chart", "data home")
    trials = (one for one in kinds.outputs(tmp_path) if one.name in {f"{command}: {what}" for command in quick})
    assert not failures(server, trials)


@pytest.mark.parametrize("word", kinds.WORDS, ids=lambda word: repr(word[:12]))
def test_words(server, tmp_path, word):
    place = kinds.WORDS.index(word)
    commands = [name for number, name in enumerate(kinds.WORDED) if (number + place) % 8 == 0]
    wanted = {f"{command}: {word[:20]!r}" for command in commands}
    assert not failures(server, (one for one in kinds.words(tmp_path) if one.name in wanted))


def every(count, trials, *, without=()):
    """One of so many tries, those left out that take long."""
    for number, trial in enumerate(trials):
        if number % count == 0 and not any(word in trial.name for word in without):
            yield trial


def test_numbers_beyond_every_machine(server, tmp_path):
    slow = ("--sobol", "compare", "hindcast", "--threads", "0001-01-01")
    assert not failures(server, every(2, kinds.too_much(tmp_path), without=slow))


def test_files_in_layers(server, tmp_path):
    slow = ("all that may be read of levers", "a list of places")
    assert not failures(server, every(1, kinds.layered_files(tmp_path), without=slow))


def test_broken_files(server, tmp_path):
    assert not failures(server, every(3, kinds.yaml_files(tmp_path, share=0.003), without=("many keys", "long line")))


def test_broken_tables(server, tmp_path):
    assert not failures(server, every(4, kinds.tables(tmp_path, share=0.01), without=("million", "often", "commas")))


def test_packed_files(server, tmp_path):
    assert not failures(server, every(3, kinds.archives(tmp_path), without=("bomb", "ten thousand")))


GOOD = Trial("k", "n", ("x",), "/")


@pytest.mark.parametrize(
    ("ended", "said"),
    [
        (Ended(2, "", "error: x", 0.1, 1), None),
        (Ended(1, "", "Traceback (most recent call last):\nValueError: x", 0.1, 1), "traceback: ValueError: x"),
        (Ended(-9, "", "", 30, 1), "still running after 30 s"),
        (Ended(0, "fine", "", 0.1, 1), "status 0: fine"),
        (Ended(2, "", "", 0.1, 1), "no message"),
        (Ended(2, "", "error: \x1b[2J", 0.1, 1), "a control character was printed"),
        (Ended(2, "", "x" * 200_000, 0.1, 1), "200000 letters of message"),
    ],
)
def test_a_bad_end_is_told_from_a_good_one(ended, said):
    assert ended.fault(GOOD) == said


def test_a_try_that_never_ends_is_ended(server, tmp_path):
    ended = server.run(Trial("k", "n", ("crossings", "watch", "--every", "1 hour"), str(tmp_path), seconds=1.0))
    assert ended.seconds < 10
