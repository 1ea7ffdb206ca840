"""A run to its report: the page, and the tables that a terminal prints."""

from __future__ import annotations

from collections.abc import Sequence

from understudy.report.gather import groups
from understudy.report.page import page
from understudy.report.run import Run
from understudy.report.section import Omitted, Section
from understudy.report.sections.changes import changes, is_named
from understudy.report.sections.classes import classes
from understudy.report.sections.confusion import confusion
from understudy.report.sections.corpus import corpora
from understudy.report.sections.curves import curves
from understudy.report.sections.encoders import encoders
from understudy.report.sections.likeness import likeness
from understudy.report.sections.lineage import lineage
from understudy.report.sections.locales import locales
from understudy.report.sections.models import model_tables, models
from understudy.report.sections.provenance import provenance
from understudy.report.sections.reliability import calibration
from understudy.report.sections.search import search
from understudy.report.sections.selection import selection
from understudy.report.sections.slots import slots
from understudy.report.sections.speed import speed
from understudy.report.sections.summary import summary
from understudy.report.sections.suspects import suspects
from understudy.report.sections.tokenizers import tokenizers
from understudy.report.systems import Group
from understudy.report.tables import Table


def build(run: Run) -> tuple[str, list[Table]]:
    """The page's text, and one table a label set."""
    found, failed = groups(run)
    told = (
        f"Recipe {run.recipe}, {len(run.artifacts)} steps, last begun "
        f"{run.artifacts[-1].manifest.started[:10]}."
    )
    made = page(
        f"understudy: {run.name}",
        summary(run, found),
        [*sections(run, found), *_lost(run, found, failed)],
        told,
    )
    return made, model_tables(run, found)


def sections(run: Run, found: list[Group]) -> Sequence[Section | Omitted]:
    """Every section in the order of the page, or why it is not there."""
    return (
        lineage(run),
        models(run, found),
        changes(run, found),
        locales(found),
        selection(run),
        classes(run),
        speed(run, found),
        calibration(found),
        confusion(found),
        slots(found),
        suspects(run),
        likeness(run, found),
        curves(run),
        encoders(run),
        search(run),
        tokenizers(run),
        corpora(run),
        Omitted("User dissatisfaction", "no experiment with users is part of this run"),
        provenance(run, found),
    )


def _lost(run: Run, found: Sequence[Group], failed: Sequence[str]) -> list[Omitted]:
    systems = [system for group in found for system in group.systems]
    asked = [name for name in run.baselines if not any(is_named(system, name) for system in systems)]
    lost = [Omitted(f"Changes against {name}", "no evaluation of it is in this run") for name in asked]
    lost += [Omitted("A step that cannot be read", why) for why in run.damaged]
    return [*lost, *(Omitted("Evaluations that cannot be compared", why) for why in failed)]
