"""A real headless browser without network, or a skip with the reason."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = Path("/usr/bin/chromium")
DESKTOP, PHONE = (1280, 900), (390, 844)


@dataclass
class Seen:
    """What the browser noticed while a page was open."""

    page: Any
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def overflow(self) -> int:
        """Pixels by which the page is wider than the window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))

    def serious_faults(self) -> list[str]:
        """Serious and critical accessibility faults that axe finds."""
        from axe_playwright_python.sync_playwright import Axe

        found = Axe().run(self.page).response["violations"]
        return [
            f"{fault['id']}: {fault['nodes'][0]['html'][:120]}"
            for fault in found
            if fault["impact"] in ("serious", "critical")
        ]


@contextmanager
def open_page(path: Path, size: tuple[int, int] = DESKTOP) -> Iterator[Seen]:
    """Open a file in Chromium with the network off and wait until its charts are drawn."""
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    if not CHROMIUM.exists():
        pytest.skip(f"no browser at {CHROMIUM}")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, offline=True)
        page = context.new_page()
        seen = Seen(page)
        page.on("console", lambda told: seen.errors.append(told.text) if told.type == "error" else None)
        page.on("pageerror", lambda error: seen.errors.append(str(error)))
        page.on("request", lambda asked: seen.requests.append(asked.url))
        page.goto(path.as_uri())
        if page.locator(".chart").count():
            page.wait_for_function("document.documentElement.dataset.charts === 'drawn'", timeout=60_000)
        yield seen
        context.close()
        browser.close()
