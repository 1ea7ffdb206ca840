"""What each encoder cost and reached: perplexity, bits per character, nouns filled in (paper A 2.7)."""

from __future__ import annotations

from collections.abc import Sequence

from understudy.report.measures import measures_table
from understudy.report.run import ENCODERS, Run
from understudy.report.section import NONE, Omitted, Section, amount, duration, percent
from understudy.report.tables import Table
from understudy.report.trained import Trained, trained

_BY_LANGUAGE = {
    "perplexity": ("Held-out perplexity at 15 %, by language", 1),
    "bits_per_character": ("Bits per character, by language", 1),
    "nouns": ("Nouns filled in right, percent, by language", 100),
}


def encoders(run: Run) -> Section | Omitted:
    """The section."""
    title = "Encoders"
    models = trained(run.of(*ENCODERS))
    measured = [measures_table(step.numbers) for step in run.of("measure") if "models" in step.numbers]
    if not models and not measured:
        return Omitted(title, "no step of stage pretrain, distill or measure is there")
    tables = [_cost(run, models)] if models else []
    tables += [table for key in _BY_LANGUAGE for table in _by_language(models, key)]
    lead = (
        "Parameters are without embeddings. Perplexity is of held-out text with 15 % of the pieces masked; "
        "it compares models of one tokenizer and one text only, bits per character and nouns also across "
        "tokenizers."
    )
    return Section("encoders", title, lead, (*tables, *measured))


def _cost(run: Run, models: Sequence[Trained]) -> Table:
    rows = []
    for model in models:
        numbers = model.numbers
        perplexity = numbers.get("perplexity")
        rows.append(
            (
                model.name,
                model.teacher,
                run.transfer_set(model.artifact),
                f"{numbers['parameters']['encoder'] / 1e6:.2f}M",
                f"{numbers['steps']:,}",
                amount(numbers["tokens"]),
                f"{numbers['tokens_per_second']:,}",
                duration(numbers["seconds"]),
                NONE if perplexity is None else f"{perplexity:.1f}",
            )
        )
    columns = ("encoder", "teacher", "text", "parameters", "steps", "tokens", "tokens/s", "time")
    notes = (f"{NONE}: the step was not validated.",) if any(row[-1] == NONE for row in rows) else ()
    title = "Encoders: size without embeddings, cost, held-out perplexity"
    return Table(title, (*columns, "perplexity"), tuple(rows), notes, words=3)


def _by_language(models: Sequence[Trained], key: str) -> list[Table]:
    title, scale = _BY_LANGUAGE[key]
    prefix = f"{key}."
    found = [model for model in models if model.numbers.get(key) is not None]
    names = sorted({name for model in found for name in model.numbers if name.startswith(prefix)})
    if not names:
        return []
    rows = tuple((model.name, *(_cell(model, name, scale) for name in (key, *names))) for model in found)
    empty = any(cell == NONE for row in rows for cell in row)
    notes = (f"{NONE}: no held-out row in that language.",) if empty else ()
    return [Table(title, ("encoder", "macro", *(n.removeprefix(prefix) for n in names)), rows, notes)]


def _cell(model: Trained, name: str, scale: int) -> str:
    value = model.numbers.get(name)
    if value is None:
        return NONE
    return percent(value) if scale == 100 else f"{value:.4g}"
