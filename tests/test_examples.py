"""``examples/cluster/`` starts what it says, and the tables of ``docs/scale.md`` are the code's."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer.main
import yaml
from torch.distributed.run import get_args_parser

from understudy.cli import app
from understudy.core.recipe.distill_steps import Distill
from understudy.core.recipe.load import load_recipe
from understudy.core.recipe.model_steps import Pretrain
from understudy.core.recipe.paper_settings import PAPER_SETTINGS
from understudy.core.recipe.schema import Recipe
from understudy.stages.plan import Devices, plan_recipe

REPOSITORY = Path(__file__).parents[1]
CLUSTER = REPOSITORY / "examples" / "cluster"
RECIPE = REPOSITORY / "recipes" / "alexatm-paper.yaml"
SCRIPTS = [CLUSTER / "torchrun.sh", CLUSTER / "slurm.sbatch"]
Command = Callable[..., Any]


@pytest.fixture(scope="module")
def recipe() -> Recipe:
    return load_recipe(RECIPE)


def launched(words: list[str]) -> dict[str, Any]:
    """What torchrun and ``understudy step`` understand of a call; each refuses what it does not know."""
    options = get_args_parser().parse_args(words[1:])
    assert words[0] == "torchrun" and options.module and options.training_script == "understudy"
    group: Any = typer.main.get_command(app)
    name, *rest = options.training_script_args
    assert name == "step"
    step = group.commands[name].make_context("step", rest, resilient_parsing=False).params
    return {
        "nodes": options.nnodes,
        "processes": options.nproc_per_node,
        "meet": options.rdzv_endpoint,
        "backend": options.rdzv_backend,
        **step,
    }


def run_script(script: Path, folder: Path, environment: dict[str, str], *words: str) -> list[str]:
    """Run it with a torchrun that writes down how it was called."""
    fakes = {
        "torchrun": 'printf "%s\\n" torchrun "$@" > "$CALLED"',
        "srun": 'echo "$1" > "$CALLED.srun"; shift; exec "$@"',
        "scontrol": '[ "$1 $2 $3" = "show hostnames gpu[3-10]" ] && printf "gpu3\\ngpu4\\n"',
    }
    for name, body in fakes.items():
        fake = folder / name
        fake.write_text(f"#!/bin/sh\n{body}\n")
        fake.chmod(0o755)
    subprocess.run(
        [script, *words],
        env={"PATH": f"{folder}:{os.environ['PATH']}", "CALLED": str(folder / "called"), **environment},
        check=True,
        capture_output=True,
    )
    return (folder / "called").read_text().splitlines()


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_are_bash_and_can_be_run(script: Path) -> None:
    assert os.access(script, os.X_OK)
    done = subprocess.run(["bash", "-n", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_torchrun_starts_a_step_on_every_machine(tmp_path: Path, recipe: Recipe) -> None:
    settings = {"MAIN": "node0", "NODES": "4", "GPUS": "2", "STEP": "teacher-2", "RUNS": "/shared/runs"}
    words = run_script(SCRIPTS[0], tmp_path, settings, "--set", "data=/there")
    started = launched(words)
    assert (started["nodes"], started["processes"], started["meet"]) == ("4", "2", "node0:29500")
    assert Path(started["recipe"]).resolve() == RECIPE
    assert started["name"] in recipe.steps and started["name"] == "teacher-2"
    assert (started["runs"], started["set_"]) == (Path("/shared/runs"), ["data=/there"])


def test_a_setting_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(subprocess.CalledProcessError) as error:
        run_script(SCRIPTS[0], tmp_path, {"RUNS": "/r"})
    assert b"MAIN: the host where the processes meet" in error.value.stderr


def test_slurm_starts_torchrun_once_a_node(tmp_path: Path, recipe: Recipe) -> None:
    asked = dict(re.findall(r"^#SBATCH --([\w-]+)=?(.*)$", SCRIPTS[1].read_text(), re.MULTILINE))
    assert asked["ntasks-per-node"] == "1" and asked["signal"].startswith("TERM@")
    environment = {
        "RUNS": "/shared/runs",
        "SLURM_SUBMIT_DIR": str(REPOSITORY),
        "SLURM_JOB_ID": "17",
        "SLURM_JOB_NODELIST": "gpu[3-10]",
        "SLURM_NNODES": asked["nodes"],
        "SLURM_GPUS_ON_NODE": asked["gpus-per-node"],
    }
    started = launched(run_script(SCRIPTS[1], tmp_path, environment))
    assert (tmp_path / "called.srun").read_text() == "--kill-on-bad-exit=1\n"
    assert (started["nodes"], started["processes"]) == ("8", "8")
    assert started["meet"] == "gpu3:29500" and started["name"] in recipe.steps
    assert Path(started["recipe"]) == RECIPE


def test_kubernetes_pods_find_each_other(recipe: Recipe) -> None:
    service, job = yaml.safe_load_all((CLUSTER / "kubernetes.yaml").read_text())
    assert (service["kind"], job["kind"]) == ("Service", "Job")
    spec, pod = job["spec"], job["spec"]["template"]["spec"]
    container = pod["containers"][0]
    started = launched([*container["command"], *container["args"]])
    assert service["spec"]["clusterIP"] == "None" and service["spec"]["publishNotReadyAddresses"]
    assert service["spec"]["selector"].items() <= job["spec"]["template"]["metadata"]["labels"].items()
    assert pod["subdomain"] == service["metadata"]["name"]
    port = service["spec"]["ports"][0]["port"]
    assert started["meet"] == f"{job['metadata']['name']}-0.{pod['subdomain']}:{port}"
    assert spec["completionMode"] == "Indexed"
    assert str(spec["completions"]) == str(spec["parallelism"]) == started["nodes"]
    assert str(container["resources"]["limits"]["nvidia.com/gpu"]) == started["processes"]
    assert started["name"] in recipe.steps
    assert str(started["recipe"]) == f"/understudy/{RECIPE.relative_to(REPOSITORY)}"
    volumes = {volume["name"] for volume in pod["volumes"]}
    mounts = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
    assert mounts.keys() == volumes
    assert str(started["runs"]).startswith(mounts["shared"])


@pytest.mark.parametrize(
    ("step", "phase", "column"),
    [
        ("teacher-1", 0, "2.3b"),
        ("assistant-distilled", 0, "170m-stage-1"),
        ("assistant-distilled", 1, "170m-stage-2"),
        ("assistant", 0, "170m-mlm"),
        ("student", 0, "17m"),
        ("base-teacher", 0, "85m"),
        ("base-student", 0, "5m"),
    ],
)
def test_the_recipe_has_the_papers_settings(recipe: Recipe, step: str, phase: int, column: str) -> None:
    config = recipe.steps[step]
    assert isinstance(config, Pretrain | Distill)
    part = config.phases[phase] if isinstance(config, Distill) else config
    paper = PAPER_SETTINGS[column]
    given = part.optimization.model_dump()
    for key, value in paper.optimization.items():
        assert given[key] == (value if isinstance(value, str) else pytest.approx(value)), key
    shards: Any = recipe.steps[part.shards]
    assert shards.max_length == paper.max_length
    assert config.encoder is None or config.encoder.preset == paper.preset
    if step != "assistant-distilled":  # of the assistant's two distillations the text's count
        assert part.duration.steps == paper.updates


def test_the_recipe_fits_on_what_the_jobs_ask_for(recipe: Recipe) -> None:
    plan = plan_recipe(RECIPE, [], Devices(gpu="h200", count=64))
    trained = {
        name
        for name, step in recipe.steps.items()
        if step.stage in ("pretrain", "distill", "finetune", "classify")
    }
    assert {name.split(" ")[0] for name in plan["steps"]} == trained
    assert all(name.startswith(("nlu", "inference")) for name in plan["without_hours"]), (
        "labelled data is read first"
    )
    teacher = plan["steps"]["teacher-1"]
    assert (teacher["positions_per_device"], teacher["micro_batches"]) == (32 * 512, 1)
    assert recipe.name == RECIPE.stem


def test_the_example_says_what_it_takes(understudy: Command) -> None:
    answer = understudy("plan", RECIPE, "--gpu", "a100-40", "--gpus", "8")
    answer.is_user_error(
        "steps.teacher-1: does not fit", "tokens_per_device=8192", "activation_checkpointing=true"
    )


def test_the_tables_on_scale_are_the_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(REPOSITORY / "docs")
    module = importlib.import_module("scale")
    page = module.PAGE.read_text(encoding="utf-8")
    assert page == module.with_tables(page, module.TABLES), "run python docs/scale.py"
    assert page.count("<!-- end of") == len(module.TABLES)
    stale = page.replace("| 700m | 8 |", "| 700m | 9 |")
    assert stale != page == module.with_tables(stale, module.TABLES)
    with pytest.raises(SystemExit, match="has no '<!-- memory -->' followed by its end"):
        module.with_tables(page.replace("<!-- end of memory -->", ""), module.TABLES)
