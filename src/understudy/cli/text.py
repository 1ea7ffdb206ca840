"""Commands about text."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from understudy.cli.app import app


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
