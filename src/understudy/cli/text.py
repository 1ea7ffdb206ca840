"""Commands about text."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from understudy.cli.app import AsJson, app
from understudy.core.errors import UserError
from understudy.text.locale import LANGUAGES


@app.command(epilog="Example: `echo 'Wake me at 7:30AM.' | understudy spoken --language en`")
def spoken(
    language: Annotated[
        str,
        typer.Option(
            help="A language or locale, for example en or en-GB. Numbers are read out in "
            f"{', '.join(sorted(LANGUAGES))}; other languages keep their digits."
        ),
    ] = "en",
) -> None:
    """Written text to the form a speech recogniser would give, a line each."""
    from understudy.core.files import decode_lines
    from understudy.text.locale import Locale
    from understudy.text.spoken import spoken as speak

    locale = str(Locale.parse(language))
    write = sys.stdout.write  # typer.echo would flush line by line, and take longer than the words
    for _, line in decode_lines(sys.stdin.buffer, "standard input"):
        write(f"{speak(line, locale)}\n")
    sys.stdout.flush()


@app.command(
    epilog="Example: `understudy tokenizer-report runs/demo/tokenizer held-out.jsonl --against xlm-r`"
)
def tokenizer_report(
    model: Annotated[Path, typer.Argument(help="A tokenizer's folder: ours, or one of Hugging Face.")],
    texts: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="TEXT...",
            help="JSON Lines, plain text or prepared text; none: what the tokenizer step measured.",
        ),
    ] = None,
    against: Annotated[
        list[Path] | None, typer.Option(help="Another tokenizer on the same text. May be repeated.")
    ] = None,
    language: Annotated[
        str | None,
        typer.Option(help="Of rows that do not say theirs; none: of the file's name, as in de.txt."),
    ] = None,
    field: Annotated[str, typer.Option(help="JSON Lines: the key that holds the text.")] = "text",
    as_json: AsJson = False,
) -> None:
    """Split ratio (pieces a word) and unk portion, languages against tokenizers or sizes."""
    from understudy.tokenizer.compare import compare, of_manifest, table

    if against and not texts:
        raise UserError("--against needs text to measure both on: name a file of it", file="TEXT")
    rows = compare([model, *(against or [])], texts, language, field) if texts else of_manifest(model)
    typer.echo(json.dumps({"tokenizers": rows}, ensure_ascii=False) if as_json else table(rows))
