"""The one door to Daft: telemetry off before it is imported, and the runner the recipe asks for.

Every module of this room takes ``daft`` from here and never imports it by itself.
"""

from __future__ import annotations

import importlib.util
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager

from understudy.core.errors import UserError
from understudy.core.recipe.text_steps import Engine

# Daft reports home when it is imported and when a runner starts, unless told not to.
os.environ["DAFT_ANALYTICS_ENABLED"] = "0"
os.environ["DO_NOT_TRACK"] = "1"
os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
# Its own bar would fight with ours for the terminal.
os.environ.setdefault("DAFT_PROGRESS_BAR", "0")

import daft
import daft.execution.udf as daft_udf

__all__ = ["daft", "daft_udf", "select_runner", "user_errors"]


def select_runner(engine: Engine) -> None:
    """Make Daft run in this process, or on the Ray cluster at ``engine.ray``.

    Raises:
        UserError: Ray is asked for and not installed, or this process already runs on the other engine.
    """
    wanted = "native" if engine.ray is None else "ray"
    if engine.ray is not None and importlib.util.find_spec("ray") is None:
        raise UserError(
            "Ray is not installed; run pip install 'understudy[ray]', or leave 'ray' out", place="engine.ray"
        )
    try:
        if engine.ray is None:
            daft.set_runner_native()
        else:
            daft.set_runner_ray(engine.ray, noop_if_initialized=True)
    except Exception as error:
        # A process has one runner for its life; asking for the same one again is fine.
        if daft.get_or_infer_runner_type() != wanted:
            raise UserError(f"cannot use the {wanted} engine here: {error}", place="engine") from None


@contextmanager
def user_errors() -> Iterator[None]:
    """Let a :class:`UserError` raised inside the engine come out as itself, without the engine's own log."""
    log = logging.getLogger("daft_local_execution")
    level = log.level
    log.setLevel(logging.CRITICAL)
    try:
        yield
    except Exception as error:
        # Ray wraps what a worker raised in an error of a mixed type: the innermost one is the plain one.
        plain = None
        inner: BaseException | None = error
        while inner is not None:
            plain = inner if isinstance(inner, UserError) else plain
            inner = getattr(inner, "cause", None) or inner.__cause__
        if plain is None:
            raise
        raise plain from None
    finally:
        log.setLevel(level)
