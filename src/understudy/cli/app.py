"""The application, what its commands share, and its exit codes."""

from __future__ import annotations

import errno
import io
import os
import sys
from pathlib import Path
from typing import Annotated

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
RecipeFile = Annotated[Path, typer.Argument(help="The recipe, a YAML file.", show_default=False)]
RunsFolder = Annotated[Path, typer.Option("--runs", help="Where artifacts are kept.")]
Overrides = Annotated[
    list[str] | None,
    typer.Option("--set", help="Override a key: steps.teacher.duration.steps=100. May be repeated."),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on standard output, nothing else.")]

_INTERRUPTED = 130
"""What Typer makes of Control-C."""
_TERMINATED = 143
"""What training leaves with after SIGTERM, its state saved: 128 + 15, as a shell would say it."""


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


def main() -> None:
    """Run the command line: exit code 0 done, 2 the user's input was wrong, 1 anything else.

    Training that was told to end by SIGTERM ends with 143.
    """
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
        if stop.code not in (_INTERRUPTED, _TERMINATED):
            raise
        if os.environ.get("RANK", "0") == "0":  # of several processes one speaks
            print("understudy: stopped; run the same command to continue", file=sys.stderr)
        raise SystemExit(_TERMINATED if stop.code == _TERMINATED else 1) from None
