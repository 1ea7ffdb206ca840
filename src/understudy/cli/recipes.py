"""Commands about recipes and what they made."""

from __future__ import annotations

import json
import os
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
) -> None:
    """Run a recipe, skipping what is up to date; ends in a table and the report's path."""
    from understudy.stages.runner import Run

    prepared = Run(recipe, runs, set_)
    outcomes = prepared.execute(only, force=force, dry_run=dry_run)
    if dry_run:
        for outcome in outcomes:
            typer.echo(f"{outcome.step:<32} {outcome.stage:<10} {outcome.state}")
        return
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
    """Run one step, whose inputs must be there."""
    from understudy.stages.runner import Run

    processes = os.environ.get("WORLD_SIZE", "1")
    if processes != "1":
        raise UserError(
            f"started as {processes} processes, but this version trains in one; start one", place="WORLD_SIZE"
        )
    Run(recipe, runs, set_).execute([name], force=force)


@app.command(epilog="Example: `understudy plan --preset 2.3b --vocabulary 150000 --json`")
def plan(
    recipe: Annotated[Path | None, typer.Argument(help="The recipe, a YAML file.")] = None,
    preset: Annotated[str | None, typer.Option(help="A size by name, instead of a recipe.")] = None,
    vocabulary: Annotated[int, typer.Option(help="Pieces, with --preset.")] = 150_000,
    set_: Overrides = None,
    as_json: AsJson = False,
) -> None:
    """Parameters and sizes before anything runs."""
    from understudy.stages.plan import plan_preset, plan_recipe

    if (recipe is None) == (preset is None):
        raise UserError("give a recipe or --preset")
    if recipe is not None:
        planned = plan_recipe(recipe, set_ or [])
        steps = planned["steps"]
    else:
        planned = plan_preset(str(preset), vocabulary)
        steps = {str(preset): planned}
    if as_json:
        typer.echo(json.dumps(planned))
        return
    typer.echo(f"{'':<24}{'encoder':>14}{'embedding':>14}{'total':>14}{'GFLOP/token':>13}{'training GB':>13}")
    for name, sizes in steps.items():
        p = sizes["parameters"]
        typer.echo(
            f"{name:<24}{p['encoder']:>14,}{p['embedding']:>14,}{p['total']:>14,}"
            f"{sizes['flops_per_token'] / 1e9:>13.3f}{sizes['bytes']['training_state'] / 1e9:>13.2f}"
        )


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
) -> None:
    """One HTML page with the tables of a run."""
    from understudy.stages.report import report_of_run

    typer.echo(f"Report: {report_of_run(run_folder)}")
