"""The command that shows a model's errors."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from understudy.cli.app import AsJson, app
from understudy.cli.data import FORMAT_NAMES
from understudy.core.errors import UserError

Several = list[str] | None


class Part(StrEnum):
    """What Typer offers as a choice: never test, which ``evaluate`` alone opens."""

    dev = "dev"
    train = "train"


@app.command(
    epilog="Example: `understudy inspect runs/demo/test-student --error border --locale de-DE`; "
    "`understudy inspect runs/demo/export-student/bundle --data labelled/de-DE.jsonl --html errors.html`"
)
def inspect(
    model: Annotated[Path, typer.Argument(help="A folder of evaluate, export or finetune, or a bundle.")],
    data: Annotated[Path | None, typer.Option(help="Labelled utterances to ask a model about.")] = None,
    format_: Annotated[str, typer.Option("--format", help=FORMAT_NAMES)] = "frames",
    split: Annotated[Part, typer.Option(help="Of data that names it; test is for evaluate.")] = Part.dev,
    data_locale: Annotated[str | None, typer.Option(help="Of utterances that name none.")] = None,
    error: Annotated[
        Several,
        typer.Option(
            help="any, none, all, intent, domain, missing, spurious, border, name or value. May be repeated."
        ),
    ] = None,
    locale: Annotated[
        Several, typer.Option(help="Only this locale; may be repeated, as what follows.")
    ] = None,
    domain: Annotated[Several, typer.Option(help="Only this domain, due or given.")] = None,
    intent: Annotated[Several, typer.Option(help="Only this intent, due or given.")] = None,
    slot: Annotated[Several, typer.Option(help="Only with this slot, due or given.")] = None,
    rejected: Annotated[bool, typer.Option("--rejected", help="Only what the model rejected.")] = False,
    below: Annotated[float | None, typer.Option(min=0, max=1, help="Confidence at most.")] = None,
    above: Annotated[float | None, typer.Option(min=0, max=1, help="Confidence at least.")] = None,
    search: Annotated[str, typer.Option(help="Only with this in text, id, intent or slot=value.")] = "",
    page: Annotated[int, typer.Option(min=1, help="Which page.")] = 1,
    per_page: Annotated[int, typer.Option(min=1, help="Utterances a page.")] = 20,
    html: Annotated[
        Path | None, typer.Option(help="Write what fits as a page with the same filters.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Browse what a model gets wrong, on a terminal or as a page."""
    from understudy.report.inspection import ALL, ANY, Filters, chosen, tally
    from understudy.stages.inspect import Data
    from understudy.stages.inspect import inspect as ask

    filters = Filters(
        # What was rejected is worth a look whether or not it was wrong.
        errors=tuple(error or ((ALL,) if rejected else (ANY,))),
        locales=tuple(locale or ()),
        domains=tuple(domain or ()),
        intents=tuple(intent or ()),
        slots=tuple(slot or ()),
        rejected=rejected,
        below=below,
        above=above,
        search=search,
    )
    found = ask(model, None if data is None else Data(data, format_, split.value, data_locale))
    matching = chosen(found, filters)
    pages = max(1, -(-len(matching) // per_page))
    if page > pages:
        raise UserError(f"there is no page {page}, the last is {pages}", place="--page")
    if html is not None:
        from understudy.core.files import atomic_write
        from understudy.report.inspect_page import inspect_page

        wrong = sum(bool(case.errors) for case in found)
        told = f"{len(matching):,} of {len(found):,} utterances, {wrong:,} of which are not right"
        with atomic_write(html) as handle:
            handle.write(inspect_page(f"understudy: {model.name}", matching, f"{told}."))
        if not as_json:
            typer.echo(f"Page: {html}")
            return
    if as_json:
        shown = matching[(page - 1) * per_page : page * per_page]
        answer = {
            "utterances": len(found),
            "errors": tally(found),
            "matching": len(matching),
            "page": page,
            "pages": pages,
            "cases": [case.to_json() for case in shown],
        }
        typer.echo(json.dumps(answer, ensure_ascii=False))
        return
    from rich.console import Console

    from understudy.report.inspect_text import show

    show(Console(highlight=False), found, matching, page, per_page)
