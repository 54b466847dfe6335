"""Renews docs/img/report.png from a report: python -m scripts.report_picture borderlab-out/texas-2022/report.html"""

from __future__ import annotations

import sys
from pathlib import Path

PICTURE = Path(__file__).resolve().parents[1] / "docs" / "img" / "report.png"
SIZE = (1180, 1212)


def main(report: str) -> None:
    """Photograph the top of a report in headless Chromium."""
    from playwright.sync_api import sync_playwright

    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": SIZE[0], "height": SIZE[1]})
        page.goto(Path(report).resolve().as_uri())
        page.wait_for_function("document.documentElement.dataset.charts === 'drawn'")
        page.screenshot(path=str(PICTURE))
        browser.close()
    print(f"{PICTURE}: {PICTURE.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main(sys.argv[1])
