"""One draw, one run and one comparison that the tests of the interface look at."""

from __future__ import annotations

import pytest

import borderlab as bl


@pytest.fixture(scope="package")
def few():
    return bl.futures(240, seed=3, plausible=True)


@pytest.fixture(scope="package")
def own():
    text = bl.strategies["border-leverage"].text.replace("id: border-leverage", "id: mine", 1)
    return bl.Strategy.from_text(text, "mine.yaml")


@pytest.fixture(scope="package")
def one(few, own):
    return bl.run(own, futures=few, years=1, record=["encounters"])


@pytest.fixture(scope="package")
def cmp(few, own):
    return bl.compare(["status-quo", own], futures=few, years=1)
