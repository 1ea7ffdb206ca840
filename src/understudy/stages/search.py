"""Fine-tunings with values drawn by Optuna, of which the best is the step's (``search`` in a recipe)."""

from __future__ import annotations

import importlib.util
import random
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from understudy.core.errors import UserError
from understudy.core.files import read_json, write_json
from understudy.core.recipe.finetune_steps import Finetune
from understudy.core.recipe.search import Range, Search, with_values
from understudy.core.stage import Inputs
from understudy.training.convergence import SCORE
from understudy.training.non_finite import NotFiniteError
from understudy.training.world import World

if TYPE_CHECKING:
    import optuna

FORMAT_VERSION = 1
TABLE = "trials.json"
"""Every trial: its settings, state, score and development history."""
_FOLDER = "trials"

Trial = dict[str, Any]
History = Sequence[Mapping[str, Any]]
Train = Callable[[Finetune, Inputs, Path, Callable[[History], bool]], dict[str, Any]]


def search(train: Train, config: Finetune, inputs: Inputs, out: Path) -> dict[str, Any]:
    """Run what is left of the trials; the payload is the best one's, and :data:`TABLE`.

    Trial k hangs on the seed, k and the trials before it alone. So a search that was killed goes on with the
    trial it was in, from that one's checkpoint, and ends where one in one go does.

    Args:
        train: a stage; it is called with a config without a search, and whether to end early.
        config: with a search.
        inputs: what each trial reads.
        out: the step's folder; trials have folders in it until the search is over.

    Returns:
        The best trial's numbers, and ``search``: ``best`` (its number), ``trials`` (a row each).

    Raises:
        UserError: Optuna is not installed; several processes; values that do not go together; all diverged.
    """
    wanted = config.search
    assert wanted is not None
    if importlib.util.find_spec("optuna") is None:
        raise UserError("a search needs: pip install 'understudy[search]'", place="search")
    if World.here(config.parallel).size > 1:
        raise UserError("a search runs in one process; start it without torchrun", place="search")
    trials: list[Trial] = _read(out / TABLE)
    while len(trials) < wanted.trials:
        number = len(trials) + 1
        proposed = _propose(wanted, config.seed, trials)
        settings = _settings(wanted, proposed.params)
        told: Trial = {"number": number, "settings": settings, "params": proposed.params}
        same = next((each for each in trials if each["params"] == proposed.params), None)
        if same is not None:
            told |= {key: same[key] for key in ("state", "score", "history", "numbers", "problem")}
            told["same_as"] = same["number"]
        else:
            folder = out / _FOLDER / f"trial-{number:03d}"
            _begin(folder, settings)
            told |= _run(train, _parsed(config, settings, number), inputs, folder, proposed, wanted)
        trials.append(told)
        write_json(out / TABLE, {"format_version": FORMAT_VERSION, "trials": trials})
        _say(told, _best(trials), wanted, out)
        _tidy(out, _best(trials))
    best = _best(trials)
    if best is None:
        raise UserError(f"all {len(trials)} trials failed; the last: {trials[-1]['problem']}", place="search")
    _move(out / _FOLDER / f"trial-{best['number']:03d}", out)
    shutil.rmtree(out / _FOLDER, ignore_errors=True)
    keys = ("number", "settings", "state", "score", "same_as", "problem")
    rows = [{key: each[key] for key in keys if each.get(key) is not None} for each in trials]
    for row, each in zip(rows, trials, strict=True):
        row["steps"] = each["history"][-1]["step"] if each["history"] else None
    return {**best["numbers"], "search": {"best": best["number"], "trials": rows}}


def _run(
    train: Train,
    config: Finetune,
    inputs: Inputs,
    folder: Path,
    proposed: optuna.Trial,
    wanted: Search,
) -> Trial:
    """One fine-tuning, and what came of it."""
    ended = False

    @cache
    def hopeless(validations: int, score: float) -> bool:
        proposed.report(score, validations)
        return proposed.should_prune()

    def ends(history: History) -> bool:
        nonlocal ended
        if wanted.pruner is not None:
            for at, entry in enumerate(history, start=1):
                # All of them: a trial that goes on from a checkpoint has had some before.
                ended = ended or hopeless(at, entry[SCORE])
        return ended

    try:
        numbers = train(config, inputs, folder, ends)
    except NotFiniteError as error:
        return {"state": "failed", "score": None, "history": [], "numbers": {}, "problem": error.problem}
    history = numbers["history"]
    return {
        "state": "pruned" if ended else "complete",
        "score": max(entry[SCORE] for entry in history),
        "history": [{"step": entry["step"], SCORE: entry[SCORE]} for entry in history],
        "numbers": numbers,
        "problem": None,
    }


def _propose(wanted: Search, seed: int, trials: Sequence[Trial]) -> optuna.Trial:
    """The next trial of a study that knows the others; the sampler's seed hangs on its number."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    drawn = random.Random(f"{seed}:{len(trials)}").getrandbits(32)
    sampler = optuna.samplers.TPESampler(seed=drawn, n_startup_trials=wanted.startup)
    pruner = optuna.pruners.MedianPruner(n_startup_trials=wanted.startup)
    study = optuna.create_study(direction="maximize", sampler=sampler, pruner=pruner)
    space = {key: _distribution(values) for key, values in wanted.space.items()}
    for told in trials:
        # Optuna learns nothing from failures, and would try them again: what diverged counts as all wrong.
        pruned = told["state"] == "pruned"
        scores = [entry[SCORE] for entry in told["history"]]
        trial = optuna.trial.create_trial(
            state=optuna.trial.TrialState.PRUNED if pruned else optuna.trial.TrialState.COMPLETE,
            value=told["score"] or 0.0,
            params=told["params"],
            distributions=space,
            intermediate_values=dict(enumerate(scores, start=1)),
        )
        study.add_trial(trial)
    return study.ask(space)


def _distribution(values: Range | tuple[Any, ...]) -> optuna.distributions.BaseDistribution:
    """Choices by their place: they may be tables and lists."""
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    if isinstance(values, tuple):
        return CategoricalDistribution(range(len(values)))
    if values.whole:
        return IntDistribution(int(values.low), int(values.high), log=values.log)
    return FloatDistribution(values.low, values.high, log=values.log)


def _settings(wanted: Search, params: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: values[params[key]] if isinstance(values, tuple) else params[key]
        for key, values in wanted.space.items()
    }


def _parsed(config: Finetune, values: Mapping[str, Any], number: int) -> Finetune:
    try:
        return with_values(config, values)
    except ValueError as error:
        raise UserError(f"trial {number} ({_spelled(values)}): {error}", place="search.space") from None


def _begin(folder: Path, values: Mapping[str, Any]) -> None:
    """An empty folder, or that of the same trial, killed half-way.

    The values could have changed on the way with Optuna itself, and a checkpoint is of one config alone.
    """
    file = folder / "values.json"
    if folder.exists() and not (file.exists() and read_json(file) == {**values}):
        shutil.rmtree(folder)
    if not folder.exists():
        folder.mkdir(parents=True)
        write_json(file, {**values})


def _read(file: Path) -> list[Trial]:
    if not file.exists():
        return []
    found = read_json(file)
    if not isinstance(found, dict) or found.get("format_version") != FORMAT_VERSION:
        raise UserError(
            f"trials of another format version; this understudy reads version {FORMAT_VERSION}", file=file
        )
    trials: list[Trial] = found["trials"]
    return trials


def _best(trials: Sequence[Trial]) -> Trial | None:
    """The highest score of those that ran to their end, the first among equals."""
    whole = [each for each in trials if each["state"] == "complete"]
    return max(whole, key=lambda each: (each["score"], -each["number"])) if whole else None


def _tidy(out: Path, best: Trial | None) -> None:
    """Only the best trial's weights are kept."""
    for folder in (out / _FOLDER).glob("trial-*"):
        if best is None or folder.name != f"trial-{best['number']:03d}":
            shutil.rmtree(folder)


def _move(folder: Path, out: Path) -> None:
    """The trial's payload becomes the step's; what a killed search had moved is there already."""
    if not folder.exists():
        return
    (folder / "values.json").unlink(missing_ok=True)
    for each in sorted(folder.iterdir()):
        each.rename(out / each.name)


def _say(told: Trial, best: Trial | None, wanted: Search, out: Path) -> None:
    name = out.name.strip(".").removesuffix(".partial")
    came = told["problem"] if told["score"] is None else f"score {told['score']:.4f}"
    came += f" ({told['state']})" if told["state"] == "pruned" else ""
    so_far = f"; best {best['score']:.4f} of trial {best['number']}" if best else ""
    line = f"{name}: trial {told['number']} of {wanted.trials}, {_spelled(told['settings'])}: {came}"
    print(line + so_far, file=sys.stderr, flush=True)


def _spelled(values: Mapping[str, Any]) -> str:
    return ", ".join(
        f"{key} {value:.3g}" if isinstance(value, float) else f"{key} {value}"
        for key, value in values.items()
    )
