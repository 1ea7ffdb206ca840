"""Plans: what a recipe tells, what fits, and what is refused and how it would fit."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from understudy.core.errors import UserError
from understudy.core.recipe.load import load_recipe
from understudy.core.recipe.optimization import Optimization, Parallel
from understudy.core.recipe.presets import PRESETS
from understudy.model.config import EncoderConfig
from understudy.model.cost import GIB, find_gpu
from understudy.stages.plan import Devices, plan_preset, plan_recipe
from understudy.stages.plan.recipe import preset_work, vocabulary, works
from understudy.stages.plan.work import Work

Command = Callable[..., Any]
RECIPE = """
name: sizes
corpora: {public: {path: "x.txt", format: text, locales: [en]}}
labels: {mine: {path: "y", locales: [en-US]}}
steps:
  text: {stage: prepare, corpora: [public], pack_words: 0, examples: 1000, validation_share: 0.1}
  packed: {stage: prepare, corpora: [public], examples: 1000}
  tokenizer: {stage: tokenizer, text: [text], vocabulary: 500}
  shards: {stage: encode, text: text, tokenizer: tokenizer, max_length: 40}
  long: {stage: encode, text: packed, tokenizer: tokenizer, max_length: 512}
  steps:
    stage: pretrain
    shards: shards
    encoder: &e {layers: 2, hidden: 16, ffn: 32, heads: 2, max_length: 64}
    duration: {steps: 7}
    optimization: &o {tokens_per_batch: 400}
  tokens: {stage: pretrain, shards: long, from: steps, duration: {tokens: 64_000},
           optimization: {tokens_per_batch: 640}}
  examples: {stage: pretrain, shards: long, encoder: *e, duration: {examples: 95},
             optimization: {tokens_per_batch: 640}}
  epochs: {stage: pretrain, shards: shards, encoder: *e, duration: {epochs: 2}, optimization: *o}
  unknown: {stage: pretrain, shards: long, encoder: *e, duration: {epochs: 2}}
  student:
    stage: distill
    teacher: tokens
    shards: shards
    encoder: {layers: 2, hidden: 8, ffn: 16, heads: 2, max_length: 64}
    weights: {hidden: 1, soft: 0, mlm: 1}
    duration: {steps: 3}
  nlu: {stage: finetune, model: student, labels: mine, duration: {epochs: 1}}
  heads: {stage: finetune, model: tokens, labels: mine, frozen: true, duration: {steps: 5}, max_length: 32}
  found: {stage: finetune, model: tokens, labels: mine, duration: {steps: 5},
          search: {trials: 4, space: {dropout: [0, 0.1]}}}
  hears: {stage: finetune, model: student, labels: mine, duration: {steps: 2},
          taught: {model: heads, text: [text]}}
  classes: {stage: classify, model: tokens, labels: mine, duration: {steps: 6}, max_length: 24}
"""


@pytest.fixture
def recipe(tmp_path: Path) -> Path:
    file = tmp_path / "sizes.yaml"
    file.write_text(RECIPE)
    return file


def test_every_training_step_is_work(recipe: Path) -> None:
    by_name = {work.name: work for work in works(load_recipe(recipe))}
    assert {name: (work.length, work.steps, work.at_most) for name, work in by_name.items()} == {
        "steps": (40, 7, False),
        "tokens": (64, 100, False),  # the model is shorter than the rows
        "examples": (64, 10, True),  # 10 rows a step
        "epochs": (40, 180, True),  # 2 * 900 rows, 10 a step
        "unknown": (64, None, False),  # how many rows packing makes is not known
        "student": (40, 3, False),
        "nlu": (64, None, False),
        "heads": (32, 5, False),
        "found": (64, 20, True),  # each trial 5, some of them fewer
        "hears": (64, 2, False),
        "classes": (24, 6, False),
    }
    assert by_name["hears"].teacher == by_name["tokens"].encoder and by_name["nlu"].teacher is None
    student, heads = by_name["student"], by_name["heads"]
    assert student.teacher == by_name["steps"].encoder and student.matched == 2 and not student.soft
    assert heads.frozen and not heads.head and heads.encoder.hidden == 16
    assert {work.encoder.vocabulary for work in by_name.values()} == {500}
    assert vocabulary(load_recipe(recipe, ["steps.tokenizer.vocabulary={match: there}"])) == 150_000


def test_each_student_and_each_teacher_in_sequence_is_work(recipe: Path) -> None:
    taught = "{teacher: tokens, shards: shards, duration: {steps: 3}}"
    sizes = "{layers: 1, hidden: 8, ffn: 16, heads: 2}"
    changes = [
        f"steps.several={{stage: distill, teacher: tokens, shards: shards, duration: {{steps: 3}}, "
        f"weights: {{hidden: 2}}, students: {{a: {{encoder: {sizes}}}, b: {{from: steps}}}}}}",
        f"steps.sequence={{stage: distill, encoder: {sizes}, teachers: [{taught}, {taught}]}}",
        "steps.elsewhere={stage: pretrained, path: there}",
        "steps.further={stage: pretrain, from: elsewhere, shards: shards, duration: {steps: 1}}",
        f"steps.learns={{stage: distill, teacher: elsewhere, shards: shards, encoder: {sizes}, "
        "duration: {steps: 1}}",
    ]
    # A new step cannot be set, so the file has them.
    text = recipe.read_text() + "".join(
        f"  {c.removeprefix('steps.').replace('=', ': ', 1)}\n" for c in changes
    )
    recipe.write_text(text)
    by_name = {work.name: work for work in works(load_recipe(recipe))}
    new = {name: (w.encoder.layers, w.matched) for name, w in by_name.items() if name.startswith("se")}
    assert new == {"several/a": (1, 1), "several/b": (2, 2), "sequence 1": (1, 0), "sequence 2": (1, 0)}
    # The teacher reads each batch once, and is in memory once; what is trained is there twice.
    first, second = by_name["several/a"], by_name["several/b"]
    alone = [replace(work, others=(), heard=False) for work in (first, second)]
    assert first.flops == alone[0].flops and second.flops == replace(alone[1].flops, teacher=0)
    held, singly = first.memory(2), [work.memory(2) for work in alone]
    assert held == second.memory(2)
    assert held.state.held == singly[0].state.held + singly[1].state.held
    assert held.activations.kept == singly[0].activations.kept + singly[1].activations.kept
    assert held.others == max(memory.others for memory in singly)
    assert [other.parallel.zero for other in first.changed(zero=3).others] == [3]
    # What comes from elsewhere has sizes that no recipe tells.
    assert not by_name.keys() & {"further", "learns"}
    assert plan_recipe(recipe, [])["unknown"] == ["further", "learns"]


def test_a_plan_sums_hours_and_cost(recipe: Path) -> None:
    plan = plan_recipe(recipe, [], Devices(gpu="h100", count=2, mfu=0.5, price=3.0))
    step = plan["steps"]["steps"]
    # 10 rows of 40 a step, 7 steps, on two devices at half of 989 TFLOP/s.
    assert step["hours"] == pytest.approx(7 * 400 * step["flops"]["spent"] / (2 * 0.5 * 989e12) / 3600)
    assert step["cost"] == pytest.approx(step["hours"] * 2 * 3)
    assert plan["without_hours"] == ["unknown", "nlu"]
    known = [s for name, s in plan["steps"].items() if name not in plan["without_hours"]]
    assert plan["hours"] == pytest.approx(sum(s["hours"] for s in known))
    assert plan["cost"] == pytest.approx(sum(s["cost"] for s in known))
    assert plan_recipe(recipe, [])["hours"] is None


@pytest.mark.parametrize(
    ("precision", "slower"), [("fp16", 1), ("fp32", 989 / 67), ("fp32, tf32: true", 989 / 494)]
)
def test_precision_sets_the_peak(recipe: Path, precision: str, slower: float) -> None:
    change = [f"steps.steps.optimization={{tokens_per_batch: 400, precision: {precision}}}"]
    plans = [plan_recipe(recipe, changes, Devices(gpu="h100")) for changes in ([], change)]
    usual, changed = (plan["steps"]["steps"]["hours"] for plan in plans)
    assert changed / usual == pytest.approx(slower)


def test_devices_without_a_row_do_not_hasten(recipe: Path) -> None:
    few, many = (plan_recipe(recipe, [], Devices(gpu="l4", count=n))["steps"]["steps"] for n in (10, 40))
    assert few["idle_devices"] == 0 and many["idle_devices"] == 30
    assert many["hours"] == few["hours"] and many["cost"] == pytest.approx(4 * few["cost"])


def large(**changed: Any) -> Work:
    encoder = EncoderConfig(vocabulary=150_000, layers=29, hidden=2560, ffn=10240, heads=32, max_length=512)
    optimization = Optimization(tokens_per_batch=2048 * 512, tokens_per_device=32_768)
    return Work(
        name="teacher",
        stage="pretrain",
        encoder=encoder,
        length=512,
        optimization=optimization,
        **{"parallel": Parallel(), **changed},
    )


@pytest.mark.parametrize(
    ("rows", "limit", "gpus", "expected"),
    [
        (2048, None, 64, (32, 1)),
        (2048, 8192, 64, (16, 2)),
        (2048, 100, 64, (1, 32)),  # one row at least
        (100, None, 64, (2, 1)),
        (10, 8192, 64, (1, 1)),
    ],
)
def test_rows_on_a_device_at_once(rows: int, limit: int | None, gpus: int, expected: tuple[int, int]) -> None:
    settings = Optimization(tokens_per_batch=rows * 512, tokens_per_device=limit)
    work = Work(name="t", stage="pretrain", encoder=large().encoder, length=512, optimization=settings)
    assert work.rows == rows
    assert work.micro_batch(gpus) == expected


@pytest.mark.parametrize("gpu", ["a100-40", "a100-80", "l4", "h200"])
@pytest.mark.parametrize("gpus", [1, 8, 64])
def test_every_remedy_helps(gpu: str, gpus: int) -> None:
    work, device = large(), find_gpu(gpu)
    remedies = work.remedies(device, gpus)
    assert remedies
    for remedy in remedies:
        changed, count = work, gpus
        for word in remedy.removesuffix(" together").replace(",", " ").split():
            key, _, value = word.partition("=")
            if key == "optimization.tokens_per_device":
                changed = changed.changed(tokens=int(value))
            elif key == "parallel.zero":
                changed = changed.changed(zero=int(value))
            elif key == "parallel.activation_checkpointing":
                changed = changed.changed(checkpointing=True)
            elif word.isdecimal():
                count = int(word)
        assert changed.fits(device, count), remedy


def test_replicas_hold_more_and_must_divide() -> None:
    one, two = large(), large(parallel=Parallel(replicas=2))
    assert two.memory(16).state.held == one.memory(8).state.held > one.memory(16).state.held
    with pytest.raises(UserError, match="2 replicas do not divide 7 devices"):
        two.memory(7)
    with pytest.raises(UserError, match="need the engine fsdp"):
        large(parallel=Parallel(replicas=2, engine="deepspeed")).memory(8)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ("steps.steps.encoder={preset: 17mb}", "steps.steps.encoder.preset: no preset '17mb'"),
        ("steps.steps.encoder={preset: 17m, heads: 5}", "steps.steps.encoder.heads: 5 heads do not divide"),
        ("steps.steps.parallel.replicas=3", "steps.steps.parallel.replicas: 3 replicas do not divide 4"),
        (
            "steps.steps={stage: pretrain, shards: shards, encoder: {preset: 17m}, duration: {steps: 1}, "
            "optimization: {optimizer: lamb, warmup: 0}, parallel: {engine: deepspeed}}",
            "steps.steps.parallel.engine: lamb needs",
        ),
    ],
)
def test_what_cannot_start_is_named_with_file_and_place(
    understudy: Command, recipe: Path, changed: str, message: str
) -> None:
    more = ("--set", "steps.tokens.optimization.warmup=0")  # it goes on from that step, preset and all
    answer = understudy("plan", recipe, "--set", changed, *more, "--gpus", "4")
    answer.is_user_error(f"sizes.yaml: {message}")


def test_lamb_is_planned_without_deepspeed() -> None:
    plan = plan_preset("170m", 1000, Devices(count=8))
    assert {way["engine"] for way in plan["memory"]} == {"fsdp"}


def test_a_teacher_is_whole_on_every_device() -> None:
    plain = large()
    taught = Work(**{**vars(plain), "teacher": plain.encoder, "soft": True})
    assert taught.memory(8).others > 4 * plain.encoder.total_parameters
    assert plain.memory(8).others == 0


def test_a_frozen_encoder_has_no_gradients_and_no_moments() -> None:
    frozen = Work(**{**vars(large()), "frozen": True, "head": False})
    memory = frozen.memory(1)
    assert memory.state.total == 0 and memory.activations.total == 0
    assert memory.total == memory.others > 4 * frozen.encoder.total_parameters


def test_a_recipe_that_cannot_fit_is_refused_with_what_would(understudy: Command, recipe: Path) -> None:
    big = ["--set", "steps.steps.encoder={preset: 9.3b}", "--set", "steps.steps.parallel.zero=2"]
    for name in ("steps", "tokens"):
        big += ["--set", f"steps.{name}.optimization.warmup=0.1"]
    answer = understudy("plan", recipe, *big, "--gpu", "l4", "--gpus", "16")
    answer.is_user_error("sizes.yaml: steps.steps: does not fit", "each of 16 l4", "it would with", "zero=3")
    understudy("plan", recipe, *big, "--gpu", "b200", "--gpus", "16")
    assert understudy("plan", recipe, *big).code == 0  # nothing is refused where no GPU is named


def test_a_preset_is_refused_where_no_way_fits(understudy: Command) -> None:
    answer = understudy("plan", "--preset", "9.3b", "--gpu", "l4", "--gpus", "2")
    answer.is_user_error("9.3b: does not fit", "it would with", "--gpus")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--gpu", "h20"], "no GPU 'h20'"),
        (["--gpu", "h200", "--gpus", "0"], "at least one GPU"),
        (["--gpu", "h200", "--mfu", "40"], "at most 1, not 40"),
        (["--gpu", "h200", "--price", "-1"], "0 or more"),
        (["--price", "1"], "need a GPU"),
    ],
)
def test_bad_devices_are_the_users_mistake(understudy: Command, arguments: list[str], message: str) -> None:
    understudy("plan", "--preset", "17m", *arguments).is_user_error(message)


def test_what_a_preset_takes_from_the_papers_is_planned(recipe: Path) -> None:
    changes = ["steps.student.encoder={preset: 17m}", "steps.student.duration=null"]
    work = {work.name: work for work in works(load_recipe(recipe, changes))}["student"]
    assert (work.steps, work.optimization.optimizer, work.rows) == (5_000_000, "lamb", 8192 // 40)


def test_a_preset_lists_every_way_to_shard_it(understudy: Command) -> None:
    answer = understudy("plan", "--preset", "2.3b", "--gpu", "a100-40", "--gpus", "64", "--json")
    assert answer.code == 0 and answer.err == ""
    plan = json.loads(answer.out)
    assert set(plan["parameters"]) == {"embedding", "encoder", "total"}
    ways = {(w["engine"], w["zero"], w["activation_checkpointing"]): w for w in plan["memory"]}
    assert len(ways) == 12 and plan["devices"] == 64
    for way in ways.values():
        assert way["total"] == sum(
            way[part] for part in ("weights", "gradients", "moments", "gathered", "activations", "others")
        )
        assert way["fits"] == (way["total"] <= find_gpu("a100-40").usable)
    # 950,000 steps of 2^20 positions (paper A table 7).
    flops = 950_000 * 2**20 * plan["flops"]["model"]
    assert plan["hours"] == pytest.approx(flops / (64 * 0.4 * 312e12) / 3600)
    lines = understudy("plan", "--preset", "2.3b", "--gpu", "h200").out
    assert "alone" in lines and "950,000 steps" in lines


def test_the_v100_has_no_bf16(recipe: Path, understudy: Command) -> None:
    assert "has no BF16" in understudy("plan", recipe, "--gpu", "v100").out
    fp16 = [f"steps.{name}.optimization.precision=fp16" for name in ("steps", "tokens", "examples")]
    plan = plan_recipe(recipe, fp16, Devices(gpu="v100"))
    assert "note" not in plan["steps"]["steps"] and "note" in plan["steps"]["epochs"]


@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_has_a_schedule(preset: str) -> None:
    work = preset_work(preset, 1000)
    assert work.length <= work.encoder.max_length
    plan = plan_preset(preset, 1000)
    assert plan["steps"] == work.steps
    assert plan["memory"][0]["total"] / GIB > 16 * work.encoder.total_parameters / GIB


def test_the_papers_schedules() -> None:
    """Paper A tables 6 and 7; 500k + 1k steps of the 700M, whose end is not printed; paper B A.3."""
    works = {preset: preset_work(preset, 1000) for preset in PRESETS}
    assert {name: (work.steps, work.positions) for name, work in works.items()} == {
        "5m": (40_000, 131_072),
        "17m": (5_000_000, 8_192),
        "17m-b": (78_125, 1_024 * 512),
        "85m": (40_000, 65_536),
        "170m": (1_500_000, 393_216),
        "700m": (501_000, 2_097_152),
        "2.3b": (950_000, 1_048_576),
        "9.3b": (570_000, 2_097_152),
    }
