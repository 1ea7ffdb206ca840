"""Commands about labelled and public data."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from understudy.cli.app import app

FORMAT_NAMES = "frames, massive, bio (CoNLL), snips, rasa or huggingface."


class Partition(StrEnum):
    """What Typer offers as a choice."""

    train = "train"
    dev = "dev"
    test = "test"


class Collection(StrEnum):
    """What Typer offers as a choice."""

    massive = "massive"
    cc100 = "cc100"
    wikipedia = "wikipedia"


data_app = typer.Typer(no_args_is_help=True, help="Labelled data between formats; public data into place.")
app.add_typer(data_app, name="data")


@data_app.command(
    "convert",
    epilog="Example: `understudy data convert --from massive --to frames amazon-massive-dataset-1.1.tar.gz"
    " frames/`; `understudy data convert --from rasa --to frames nlu.yml en-US.jsonl --locale en-US --split"
    " 80:10:10`",
)
def convert(
    source: Annotated[Path, typer.Argument(help="File, folder, archive or Hugging Face data set to read.")],
    target: Annotated[Path, typer.Argument(help="File or folder to write.")],
    from_: Annotated[str, typer.Option("--from", help=FORMAT_NAMES)] = "massive",
    to: Annotated[str, typer.Option("--to", help="The same.")] = "frames",
    locale: Annotated[
        str | None, typer.Option(help="Of utterances that name none, for example en-US.")
    ] = None,
    partition: Annotated[
        Partition | None, typer.Option(help="Of utterances that name none: train, dev or test.")
    ] = None,
    split: Annotated[
        str | None, typer.Option(help="Or share them out by their text: 80:10:10 (train, dev, test).")
    ] = None,
) -> None:
    """Between labelled formats; says what the new one cannot hold."""
    from understudy.utterances.convert import convert as convert_labels
    from understudy.utterances.given import Given, shares_of

    given = Given(locale, partition.value if partition else None, shares_of(split) if split else None)
    report = convert_labels(from_, to, source, target, given)
    typer.echo(f"{report['utterances']} utterances in {report['files']} files")
    for name, counts in sorted(report["locales"].items()):
        typer.echo(f"  {name}: " + ", ".join(f"{part} {count}" for part, count in counts.items()))
    for what, count in report["lost"].items():
        typer.echo(f"  lost, for '{to}' cannot hold it: {what} ({count})")


@data_app.command(
    "download",
    epilog="Example: `understudy data download massive --to data`; `understudy data download wikipedia"
    " --languages de,ja --to data`",
)
def download(
    name: Annotated[Collection, typer.Argument(help="Which.")],
    languages: Annotated[
        str, typer.Option(help="With commas, for example de,ja; MASSIVE is one archive of all.")
    ] = "ar,en,fr,de,hi,it,ja,mr,pt,es,ta,te",
    to: Annotated[Path, typer.Option(help="The data folder.")] = Path("data"),
    server: Annotated[str | None, typer.Option(help="A mirror with the same layout.")] = None,
) -> None:
    """Public data into place: resumable, checked, with its licence."""
    from understudy.corpus.download.catalogue import COLLECTIONS
    from understudy.corpus.download.place import download as place

    collection = COLLECTIONS[name.value]
    typer.echo(f"{collection.title}\nLicence: {collection.licence}")
    for row in place(name.value, [each.strip() for each in languages.split(",")], to, server):
        state = f"{row['bytes'] / 1e6:,.1f} MB, {row['checked']} checked" if row["new"] else "up to date"
        typer.echo(f"  {row['path']}: {state}")
