"""The screenshots of docs/report.md, out of a run of the demo: python docs/pictures.py runs/demo."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from understudy.report.inspect_page import inspect_page
from understudy.report.inspection import Filters, chosen
from understudy.stages.inspect import inspect
from understudy.stages.report import report_of_run

IMAGES = Path(__file__).parent / "images"
DESKTOP, PHONE = (1160, 900), (390, 780)


def main(run: Path) -> None:
    """Write all pictures; the report goes into the run's folder as ever."""
    report = report_of_run(run)
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        errors = Path(folder) / "errors.html"
        cases = chosen(inspect(run / "test-student", None), Filters(errors=("all",)))
        errors.write_text(inspect_page("understudy: test-student", cases, f"{len(cases):,} utterances."))
        shot(browser, report, "report-desktop", DESKTOP)
        shot(browser, report, "report-figures-dark", (1160, 820), at="#calibration", dark=True)
        shot(browser, report, "report-phone", PHONE, at="#locales")
        shot(browser, errors, "inspect-desktop", (1160, 640), at="#error=border")
        shot(browser, errors, "inspect-phone-dark", PHONE, at="#locale=de-DE&error=name", dark=True)


@contextmanager
def chromium() -> Iterator[Any]:
    """The machine's own browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"), args=["--no-sandbox"]
        )
        yield browser
        browser.close()


def shot(
    browser: Any, page: Path, name: str, size: tuple[int, int], *, at: str = "", dark: bool = False
) -> None:
    """One picture, as large as the window."""
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light", offline=True
    )
    opened = context.new_page()
    opened.goto(page.as_uri() + at)
    opened.screenshot(path=IMAGES / f"{name}.png")
    context.close()


if __name__ == "__main__":
    IMAGES.mkdir(exist_ok=True)
    main(Path(sys.argv[1]))
