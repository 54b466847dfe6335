"""Renews a picture of the README from a report: python -m scripts.report_picture REPORT.html NAME [SELECTOR]

NAME is that of the file below ``docs/img``. With a CSS selector the picture begins at the element that it finds.
"""

from __future__ import annotations

import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "img"
SIZE = (1180, 1212)


def main(report: str, name: str, selector: str = "") -> None:
    """Photograph a report in headless Chromium."""
    from playwright.sync_api import sync_playwright

    picture = FOLDER / f"{name}.png"
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": SIZE[0], "height": SIZE[1]})
        page.goto(Path(report).resolve().as_uri())
        page.wait_for_function("document.documentElement.dataset.charts === 'drawn'")
        if selector:
            page.evaluate("found => document.querySelector(found).scrollIntoView({behavior: 'instant'})", selector)
        page.screenshot(path=str(picture))
        browser.close()
    print(f"{picture}: {picture.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main(*sys.argv[1:])
