"""Commands about labelled and public data."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from understudy.cli.app import app

data_app = typer.Typer(no_args_is_help=True, help="Labelled data: between formats.")
app.add_typer(data_app, name="data")


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
