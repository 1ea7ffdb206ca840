"""Commands about models and what they predict."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from understudy.cli.app import AsJson, app
from understudy.core.errors import UserError

Host = Annotated[str, typer.Option(help="Address to listen on.")]


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
            verdict = ", rejected" if frame.rejected else ""
            named = frame.intent or frame.domain or "slots"
            typer.echo(f"{named} ({frame.confidence:.2f}{verdict})  {slots}".rstrip())


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
        typer.echo(f"{name:<8}" + "".join(f"{_percent(value):>9}" for value in values) + f"{row['count']:>9}")


def _percent(value: float | None) -> str:
    return "none" if value is None else f"{100 * value:.2f}"


@app.command(epilog="Example: `understudy compare runs/demo/test-direct-few runs/demo/test-student-few`")
def compare(
    systems: Annotated[
        list[str],
        typer.Argument(
            metavar="BASELINE CANDIDATE...",
            help="Folders that evaluate wrote, or REFERENCES:PREDICTIONS, files of frames. Commas between "
            "seeds of one system; NAME= before it names it. Folders that differ by -seed-N are one system.",
        ),
    ],
    resamplings: Annotated[int, typer.Option(help="Of the bootstrap.")] = 2000,
    seed: Annotated[int, typer.Option(help="Of the resamplings.", min=0)] = 0,
    as_json: AsJson = False,
) -> None:
    """Relative changes of systems on one test set, with deviations, intervals and significance."""
    from understudy.metrics.compare import compare as measure
    from understudy.report.comparison import comparison_tables

    result = measure(systems, resamplings=resamplings, seed=seed)
    if as_json:
        typer.echo(json.dumps(result))
        return
    typer.echo("\n\n".join(table.text() for table in comparison_tables(result)))
