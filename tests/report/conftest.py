"""A made run for every test of the report."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def made() -> ModuleType:
    spec = importlib.util.spec_from_file_location("made_run", Path(__file__).parent / "made_run.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def run_folder(made: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = made.whole_run(tmp_path_factory.mktemp("runs") / "made")
    return folder
