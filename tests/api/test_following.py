"""Following, stopping, and calling from several threads."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

import borderlab as bl
from borderlab.base.progress import Terminal, progress, watched


class After:
    """Set once it was looked at so many times."""

    def __init__(self, looks):
        self.left = looks

    def is_set(self):
        self.left -= 1
        return self.left < 0


def test_progress_is_told_by_label_and_share_and_nothing_is_printed(few, capsys):
    told = []
    bl.run("treaty-alliance", futures=few, years=0.5, progress=lambda label, share: told.append((label, share)))
    assert capsys.readouterr() == ("", "")
    shares = [share for label, share in told if label == "futures"]
    assert shares[0] == 0.0
    assert shares[-1] == 1.0
    assert shares == sorted(shares)


@pytest.mark.parametrize("looks", [0, 1, 3])
def test_what_is_cancelled_stops_with_an_error_of_its_own(few, looks):
    with pytest.raises(bl.Cancelled):
        bl.run("treaty-alliance", futures=few, years=0.5, cancel=After(looks))


def test_a_cancelled_comparison_can_be_asked_again(few):
    stopped = threading.Event()
    stopped.set()
    with pytest.raises(bl.Cancelled):
        bl.compare(["treaty-alliance"], futures=few, years=1, cancel=stopped)
    done = bl.compare(["treaty-alliance"], futures=few, years=1)
    with pytest.raises(bl.Cancelled):
        done.find(cancel=After(4))
    assert done.find() is done.find()


def test_several_threads_get_what_one_gets():
    def ask(number):
        name = ("border-leverage", "treaty-alliance", "shared-security")[number % 3]
        return bl.run(name, futures=bl.futures(40, seed=number), years=0.5, record=["encounters"])

    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(ask, range(6)))
    for number, one in enumerate(together):
        alone = ask(number)
        assert one.hash == alone.hash
        assert one.measures.equals(alone.measures)
        assert one.series.equals(alone.series)
        assert one.firings.equals(alone.firings)


def test_who_follows_in_one_thread_hears_nothing_of_another():
    told = []

    def other():
        with progress("other", 1) as advance:
            advance(1)

    with watched(lambda label, share: told.append(label)):
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
        with progress("mine", 2) as advance:
            advance(1)
    assert set(told) == {"mine"}
    with progress("nobody", 1) as advance:
        advance(1)


def test_the_terminal_is_quiet_for_two_seconds_then_says_how_much_is_left(capsys, monkeypatch):
    now = [0.0]
    monkeypatch.setattr("borderlab.base.progress.time.monotonic", lambda: now[0])
    with Terminal() as terminal, watched(terminal), progress("work", 10) as advance:
        for now[0] in (0.5, 1.9):
            advance(1)
        assert capsys.readouterr().err == ""
        for now[0] in (4.0, 5.0, 9.5):
            advance(1)
    assert capsys.readouterr().err.splitlines() == ["work: 30%, about 9 s left", "work: 50%, about 10 s left"]
