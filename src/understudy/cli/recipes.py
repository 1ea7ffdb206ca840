"""Commands about recipes and what they made."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from understudy.cli.app import AsJson, Overrides, RecipeFile, RunsFolder, app
from understudy.core.errors import UserError


@app.command(epilog="Example: `understudy run recipes/massive-small.yaml --set data=../data --only student`")
def run(
    recipe: RecipeFile,
    runs: RunsFolder = Path("runs"),
    set_: Overrides = None,
    only: Annotated[list[str] | None, typer.Option(help="Only this step, or all of a matrix.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would run.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Make steps again that are up to date.")] = False,
    jobs: Annotated[
        int, typer.Option(min=1, help="Steps side by side that need not wait for each other.")
    ] = 1,
) -> None:
    """Run a recipe, skipping what is up to date; ends in a table and the report's path."""
    from understudy.stages.runner import Run

    if os.environ.get("WORLD_SIZE", "1") != "1":
        raise UserError("several processes make one step: torchrun --module understudy step RECIPE STEP")
    prepared = Run(recipe, runs, set_)
    if jobs == 1 or dry_run:
        outcomes = prepared.execute(only, force=force, dry_run=dry_run)
    else:
        from understudy.stages.side_by_side import execute_side_by_side

        options = ["--runs", str(runs), *(part for each in set_ or () for part in ("--set", each))]
        options += ["--force"] * force
        command = [sys.executable, "-m", "understudy", "step", str(recipe)]
        outcomes = execute_side_by_side(
            prepared, lambda name: [*command, name, *options], jobs, only, force=force
        )
    if dry_run:
        for outcome in outcomes:
            typer.echo(f"{outcome.step:<32} {outcome.stage:<10} {outcome.state}")
        return
    for outcome in outcomes:
        if outcome.stage == "measure":
            typer.echo((outcome.path / "table.txt").read_text(encoding="utf-8"))
    reports = [outcome.path for outcome in outcomes if outcome.stage == "report"]
    for path in reports:
        typer.echo((path / "table.txt").read_text(encoding="utf-8"))
        typer.echo(f"Report: {path / 'report.html'}")
    bundle = next((o.path / "bundle" for o in outcomes if o.stage == "export" and "student" in o.step), None)
    if reports and bundle:
        from understudy.core.files import read_json

        locale = read_json(bundle / "bundle.json")["locales"][0]
        typer.echo(f'Try:    understudy predict {bundle} "wake me up at seven" --locale {locale}')
        typer.echo(f"        understudy serve {bundle}")


@app.command(epilog="Example: `understudy step recipes/demo.yaml teacher` (what schedulers call)")
def step(
    recipe: RecipeFile,
    name: Annotated[str, typer.Argument(help="The step.")],
    runs: RunsFolder = Path("runs"),
    set_: Overrides = None,
    force: Annotated[bool, typer.Option("--force", help="Make it again.")] = False,
) -> None:
    """Run one step, whose inputs must be there; torchrun starts it in several processes."""
    from understudy.stages.runner import Run

    if os.environ.get("WORLD_SIZE", "1") == "1":
        Run(recipe, runs, set_).execute([name], force=force)
        return
    from understudy.stages.together import Place, step_together

    step_together(lambda: Run(recipe, runs, set_), name, Place.of(os.environ), force=force)


@app.command(epilog="Example: `understudy plan recipes/demo.yaml --gpu h200 --gpus 8`")
def plan(
    recipe: Annotated[Path | None, typer.Argument(help="The recipe, a YAML file.")] = None,
    preset: Annotated[str | None, typer.Option(help="A size by name, instead of a recipe.")] = None,
    vocabulary: Annotated[int, typer.Option(min=1, help="Pieces, with --preset.")] = 150_000,
    gpu: Annotated[
        str | None, typer.Option(help="a100-40, a100-80, h100, h200, b200, l4, a10g or v100.")
    ] = None,
    gpus: Annotated[int, typer.Option(help="Devices, a process each.")] = 1,
    mfu: Annotated[float, typer.Option(help="Share of the GPU's peak that is reached.")] = 0.4,
    price: Annotated[float | None, typer.Option(help="Dollars an hour and GPU, instead of ours.")] = None,
    set_: Overrides = None,
    as_json: AsJson = False,
) -> None:
    """Parameters, memory, operations, hours and cost before anything runs; refuses what cannot fit."""
    from understudy.stages.plan import Devices, plan_preset, plan_recipe
    from understudy.stages.plan.text import preset_lines, recipe_lines

    if (recipe is None) == (preset is None):
        raise UserError("give a recipe or --preset")
    if gpu is None and price is not None:
        raise UserError("hours and cost need a GPU: --gpu h200", place="--price")
    devices = Devices(gpu=gpu, count=gpus, mfu=mfu, price=price)
    if recipe is not None:
        planned = plan_recipe(recipe, set_ or [], devices)
        lines = recipe_lines(planned)
    else:
        planned = plan_preset(str(preset), vocabulary, devices)
        lines = preset_lines(planned)
    typer.echo(json.dumps(planned) if as_json else "\n".join(lines))


@app.command(epilog="Example: `understudy lineage runs/demo/export-student`")
def lineage(
    artifact: Annotated[Path, typer.Argument(help="An artifact's folder.")], as_json: AsJson = False
) -> None:
    """Where an artifact came from, back to the raw text."""
    from understudy.stages.lineage import as_tree
    from understudy.stages.lineage import lineage as trace

    entry = trace(artifact)
    typer.echo(json.dumps(entry) if as_json else "\n".join(as_tree(entry)))


@app.command(epilog="Example: `understudy report runs/demo`")
def report(
    run_folder: Annotated[Path, typer.Argument(metavar="RUN", help="A run's folder, such as runs/demo.")],
    baseline: Annotated[
        list[str] | None,
        typer.Option(help="What changes are relative to: a step that was fine-tuned, or an evaluation."),
    ] = None,
) -> None:
    """One HTML page with the tables and figures of a run, whatever it has; it opens offline."""
    from understudy.stages.report import report_of_run

    typer.echo(f"Report: {report_of_run(run_folder, baseline or ())}")
