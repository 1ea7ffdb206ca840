"""Commands to stages; nothing else. Heavy imports stay inside the commands, so that ``--help`` is quick."""

from __future__ import annotations

import errno
import io
import json
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from understudy import __version__
from understudy.core.errors import UserError

app = typer.Typer(
    name="understudy",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Small, fast, multilingual language-understanding models that stand in for huge ones.\n\n"
    "Start with `understudy run recipes/demo.yaml`.",
)
data_app = typer.Typer(no_args_is_help=True, help="Labelled data: between formats.")
app.add_typer(data_app, name="data")

RecipeFile = Annotated[Path, typer.Argument(help="The recipe, a YAML file.", show_default=False)]
RunsFolder = Annotated[Path, typer.Option("--runs", help="Where artifacts are kept.")]
Overrides = Annotated[
    list[str] | None,
    typer.Option("--set", help="Override a key: steps.teacher.duration.steps=100. May be repeated."),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on standard output, nothing else.")]
Host = Annotated[str, typer.Option(help="Address to listen on.")]


_INTERRUPTED = 130
"""What Typer makes of Control-C."""


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    del version


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


@app.command(
    epilog='Example: `understudy predict runs/demo/export-student/bundle "wake me up" --locale en-US`'
)
def predict(
    model: Annotated[Path, typer.Argument(help="A bundle.")],
    text: Annotated[
        str | None, typer.Argument(help="An utterance; none: standard input, a line each.")
    ] = None,
    locale: Annotated[str, typer.Option(help="For example en-US.")] = "en-US",
    as_json: AsJson = False,
) -> None:
    """Frames for a text, or a line each for standard input."""
    from understudy.core.files import decode_lines
    from understudy.serving.runtime import Understudy

    understudy = Understudy.load(model)
    lines = [(None, text)] if text is not None else decode_lines(sys.stdin.buffer, "standard input")
    for number, line in lines:
        try:
            frame = understudy.predict([line], locale)[0]
        except UserError as error:
            source = None if number is None else "standard input"
            raise UserError(error.problem, file=source, place=number) from None
        if as_json:
            typer.echo(json.dumps(frame.to_json(), ensure_ascii=False))
        else:
            slots = "  ".join(f"{slot.name}={slot.value}" for slot in frame.slots)
            typer.echo(f"{frame.intent} ({frame.confidence:.2f})  {slots}".rstrip())


@app.command(epilog="Example: `understudy serve runs/demo/export-student/bundle --port 8000`")
def serve(
    model: Annotated[Path, typer.Argument(help="A bundle.")],
    host: Host = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
    api_key_file: Annotated[Path | None, typer.Option(help="Keys, one a line; none: open.")] = None,
) -> None:
    """HTTP API, playground page and metrics."""
    from understudy.serving.server import serve as serve_bundle

    serve_bundle(model, host, port, api_key_file)


@app.command(epilog="Example: `understudy score --reference r.jsonl --hypothesis h.jsonl --json`")
def score(
    reference: Annotated[Path, typer.Option(help="Frames, a line each.")],
    hypothesis: Annotated[Path, typer.Option(help="Predicted frames, a line each.")],
    as_json: AsJson = False,
) -> None:
    """Every measure of two files of frames."""
    from understudy.metrics.nlu import score as measure
    from understudy.utterances.read import read_frames

    scores = measure(read_frames(reference), read_frames(hypothesis))
    if as_json:
        typer.echo(json.dumps(scores))
        return
    rows: dict[str, Any] = {**scores["by_locale"], "all": scores}
    typer.echo(f"{'':<8}{'intent':>9}{'slot F1':>9}{'exact':>9}{'SemER':>9}{'count':>9}")
    for name, row in rows.items():
        values = (row["intent_accuracy"], row["slot_f1"], row["exact_match"], row["semer"])
        typer.echo(f"{name:<8}" + "".join(f"{100 * value:>9.2f}" for value in values) + f"{row['count']:>9}")


@app.command(epilog="Example: `echo 'Wake me at 7:30AM.' | understudy spoken --language en`")
def spoken(
    language: Annotated[str, typer.Option(help="A language or locale, for example en or en-GB.")] = "en",
) -> None:
    """Written text to the form a speech recogniser would give, a line each."""
    from understudy.core.files import decode_lines
    from understudy.text.locale import Locale
    from understudy.text.spoken import spoken as speak

    locale = str(Locale.parse(language))
    for _, line in decode_lines(sys.stdin.buffer, "standard input"):
        typer.echo(speak(line, locale))


@data_app.command(
    "convert", epilog="Example: `understudy data convert --from massive --to frames en-US.jsonl out.jsonl`"
)
def convert(
    source: Annotated[Path, typer.Argument(help="File or folder to read.")],
    target: Annotated[Path, typer.Argument(help="File or folder to write.")],
    from_: Annotated[str, typer.Option("--from", help="massive or frames.")] = "massive",
    to: Annotated[str, typer.Option("--to", help="frames or massive.")] = "frames",
) -> None:
    """Between labelled formats."""
    from understudy.utterances.convert import convert as convert_labels

    for name, value in convert_labels(from_, to, source, target).items():
        typer.echo(f"{name}: {value}")


@app.command(epilog="Example: `understudy report runs/demo`")
def report(
    run_folder: Annotated[Path, typer.Argument(metavar="RUN", help="A run's folder, such as runs/demo.")],
) -> None:
    """One HTML page with the tables of a run."""
    from understudy.stages.report import report_of_run

    typer.echo(f"Report: {report_of_run(run_folder)}")


def main() -> None:
    """Run the command line: exit code 0 done, 2 the user's input was wrong, 1 anything else."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")  # frames are UTF-8 whatever the locale of the terminal
    try:
        app()
    except UserError as error:
        print(f"understudy: {error}", file=sys.stderr)
        raise SystemExit(2) from None
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EROFS):
            raise
        print(f"understudy: {error.filename or 'writing'}: {error.strerror}", file=sys.stderr)
        raise SystemExit(1) from None
    except SystemExit as stop:
        if stop.code != _INTERRUPTED:
            raise
        print("understudy: stopped; run the same command to continue", file=sys.stderr)
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
