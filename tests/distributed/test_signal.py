"""SIGTERM to one of several processes: all finish the step, save and leave together."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

RUN = """
import importlib.util, json, os, sys
from pathlib import Path
import torch
from understudy.core.artifact import Artifact, Manifest
from understudy.core.recipe.optimization import Parallel
from understudy.training.world import World

torch.set_num_threads(1)
spec = importlib.util.spec_from_file_location("toy", sys.argv[1])
toy = importlib.util.module_from_spec(spec)
spec.loader.exec_module(toy)
world = World.join(Parallel())
folder = Path(sys.argv[2])
(folder / f"pid-{world.rank}").write_text(str(os.getpid()))
task = toy.masked_task(Artifact(folder / "shards", Manifest.model_construct()), dropout=0.0)
settings = toy.settings_of(tokens_per_batch=256)
code = 0
try:
    toy.run(task, folder / "run", steps=100000, settings=settings, world=world, checkpoint_every=5)
except SystemExit as left:
    code = left.code
(folder / f"code-{world.rank}").write_text(json.dumps(code))
world.leave()
"""


def test_sigterm_to_one_process_is_heard_by_all(tmp_path: Path) -> None:
    toy = Path(__file__).parent.parent / "training" / "conftest.py"
    make = (
        "import importlib.util, sys; from pathlib import Path;"
        "spec = importlib.util.spec_from_file_location('toy', sys.argv[1]);"
        "toy = importlib.util.module_from_spec(spec); spec.loader.exec_module(toy);"
        "toy.write_shards(Path(sys.argv[2]))"
    )
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    subprocess.run(
        [sys.executable, "-c", make, str(toy), str(tmp_path / "shards")], check=True, env=environment
    )
    (tmp_path / "run").mkdir()
    script = tmp_path / "worker.py"
    script.write_text(RUN)
    launcher = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    with subprocess.Popen(
        [*launcher, str(script), str(toy), str(tmp_path)], stderr=subprocess.PIPE, text=True, env=environment
    ) as job:
        try:
            deadline = time.monotonic() + 300
            while not list((tmp_path / "run" / "checkpoints").glob("step-*")):
                assert job.poll() is None and time.monotonic() < deadline
                time.sleep(0.02)
            os.kill(int((tmp_path / "pid-1").read_text()), signal.SIGTERM)
            _, error = job.communicate(timeout=300)
        finally:
            job.kill()
    codes = [json.loads((tmp_path / f"code-{rank}").read_text()) for rank in (0, 1)]
    assert codes == [143, 143], error
    newest = max((tmp_path / "run" / "checkpoints").glob("step-*"))
    assert json.loads((newest / "state.json").read_text())["step"] == int(newest.name[5:])
    assert not list((tmp_path / "run" / "checkpoints").glob(".step-*"))
