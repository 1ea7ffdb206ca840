"""Daft is silent, and the engine is the one the recipe asks for."""

from __future__ import annotations

import importlib.util
import subprocess
import sys

import pytest

from understudy.core.errors import UserError
from understudy.core.recipe.text_steps import Engine
from understudy.corpus.engine import daft, select_runner, user_errors


def test_telemetry_is_off_before_daft_is_imported() -> None:
    # Every module of the room alone, in a fresh interpreter without the variables: no request may start.
    code = """
import sys, urllib.request, importlib
def refuse(*a, **k):
    print("asked for", a[0]); sys.stdout.flush()
    raise OSError
urllib.request.urlopen = refuse
import threading
started = []
begin = threading.Thread.start
threading.Thread.start = lambda self: (started.append(self.name), begin(self))[1]
importlib.import_module(sys.argv[1])
from daft.scarf_telemetry import opted_out
from understudy.core.recipe.text_steps import Engine
from understudy.corpus.engine import daft, select_runner
select_runner(Engine())
assert daft.get_or_infer_runner_type() == "native"
assert opted_out() and not [name for name in started if "send_request" in name], started
"""
    for module in ("understudy.corpus.engine", "understudy.corpus.passes", "understudy.stages.prepare"):
        run = subprocess.run(
            [sys.executable, "-c", code, module], capture_output=True, text=True, check=False, env={}
        )
        assert (run.returncode, run.stdout) == (0, ""), run.stderr


def test_the_same_runner_may_be_asked_for_twice() -> None:
    select_runner(Engine())
    select_runner(Engine())
    assert daft.get_or_infer_runner_type() == "native"


@pytest.mark.skipif(importlib.util.find_spec("ray") is not None, reason="Ray is installed")
def test_ray_without_ray_says_what_to_install() -> None:
    with pytest.raises(UserError, match=r"engine.ray: .*understudy\[ray\]"):
        select_runner(Engine(ray="ray://head:10001"))


def test_what_a_ray_worker_raised_comes_out_plain() -> None:
    class RayTaskError(UserError):  # Ray derives from both its own error and the cause's type
        def __init__(self, cause: Exception) -> None:
            self.cause = cause
            Exception.__init__(self, "ray::worker() traceback ...")

    with pytest.raises(UserError, match=r"^a.jsonl: line 3: cut$") as caught, user_errors():
        raise RuntimeError("stage failed") from RayTaskError(UserError("cut", file="a.jsonl", place=3))
    assert type(caught.value) is UserError
    with pytest.raises(RuntimeError, match="a bug of ours"), user_errors():
        raise RuntimeError("a bug of ours")
