"""Commands about corpora."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from understudy.cli.app import AsJson, app


@app.command(epilog="Example: `understudy similarity utterances.jsonl generic.jsonl.gz --language de`")
def similarity(
    first: Annotated[Path, typer.Argument(metavar="A", help="A domain's utterances.")],
    second: Annotated[list[Path], typer.Argument(metavar="B...", help="Generic text, one or several files.")],
    language: Annotated[str, typer.Option(help="A language or locale, for example de.")] = "en",
    field: Annotated[str, typer.Option(help="Key or column of the text, in B too unless given.")] = "text",
    generic_field: Annotated[str | None, typer.Option(help="Key or column of the text in B.")] = None,
    utterances: Annotated[int, typer.Option(min=1, help="Rows drawn of A, at most.")] = 100_000,
    sentences: Annotated[
        int, typer.Option(min=1, help="Rows drawn of B in all, as many from each file.")
    ] = 100_000,
    resamplings: Annotated[int, typer.Option(min=1, help="How often they are drawn.")] = 3,
    seed: Annotated[int, typer.Option(min=0, help="Of the draws.")] = 0,
    as_json: AsJson = False,
) -> None:
    """How alike two corpora are: tf-idf cosine, mean and deviation over resamplings (0 to 1)."""
    from understudy.corpus.similarity import profiles
    from understudy.corpus.similarity import similarity as compare
    from understudy.stages.similarity import rows_of
    from understudy.text.locale import Locale

    where = Locale.parse(language)
    theirs = [rows_of(path, generic_field or field, str(where)) for path in second]
    result = compare(
        profiles([rows_of(first, field, str(where))], where.language, utterances, resamplings, seed),
        profiles(theirs, where.language, sentences, resamplings, seed),
    )
    if as_json:
        typer.echo(json.dumps(result.to_json()))
    else:
        rows = f"{result.rows[0]} and {result.rows[1]} rows, {resamplings} resamplings"
        typer.echo(f"{result.mean:.4f} +- {result.deviation:.4f}  ({rows})")
