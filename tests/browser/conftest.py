"""A browser, where one is installed, and pages for it to open."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from understudy.core.artifact import Artifact
from understudy.report.inspect_page import inspect_page
from understudy.report.inspection import cases
from understudy.report.systems import read_pairs
from understudy.stages.report import report_of_run

NAMES = ("chromium", "chromium-browser", "google-chrome")

Open = Callable[..., Any]


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium as the system has it; Playwright's own download is never asked for."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    program = next((found for name in NAMES if (found := shutil.which(name))), None)
    if program is None:
        pytest.skip(f"no browser is installed ({', '.join(NAMES)})")
    with playwright.sync_playwright() as started:
        found = started.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield found
        found.close()


@pytest.fixture
def opened(browser: Any) -> Iterator[Open]:
    """Opens a file offline; the test fails if the page asks for anything else or has a mistake of its own."""
    contexts: list[Any] = []
    wrong: list[str] = []

    def open_page(
        path: Path, *, width: int = 1200, height: int = 900, dark: bool = False, at: str = ""
    ) -> Any:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            offline=True,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda told: wrong.append(told.text) if told.type == "error" else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("dialog", lambda dialog: (wrong.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        address = path.as_uri()
        page.on("request", lambda asked: None if asked.url.startswith(address) else wrong.append(asked.url))
        page.goto(address + at)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = Path(__file__).parents[1] / "report" / "made_run.py"
    spec = importlib.util.spec_from_file_location("made_run", file)
    assert spec is not None and spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    folder: Path = made.whole_run(tmp_path_factory.mktemp("runs") / "made")
    return folder


@pytest.fixture(scope="session")
def report(run_folder: Path) -> Path:
    return report_of_run(run_folder)


@pytest.fixture(scope="session")
def errors(run_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    pairs = read_pairs(Artifact.load(run_folder / "test-direct-seed-0"))
    file = tmp_path_factory.mktemp("inspect") / "errors.html"
    file.write_text(inspect_page("errors", cases(*zip(*pairs, strict=True)), "of a made model"))
    return file
