"""Fixtures for every room's tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real data, which is not part of the repository; tests that need it skip where it is absent."""
    root = Path(os.environ.get("UNDERSTUDY_DATA", REPOSITORY.parent / "shared" / "data"))
    if not (root / "massive").is_dir():
        pytest.skip(f"no real data at {root}; set UNDERSTUDY_DATA")
    return root
