"""Everything a recipe can get wrong is one error with the file, the place and what would be right."""

from __future__ import annotations

from pathlib import Path

import pytest

from understudy.core.errors import UserError
from understudy.core.recipe.load import load_recipe

GOOD = """\
name: good
corpora:
  text: {path: "{data}/{language}.txt", locales: [en], format: text}
labels:
  all: {path: "{data}", locales: [en-US]}
steps:
  prepared: {stage: prepare, corpora: [text]}
  pieces: {stage: tokenizer, text: [prepared]}
  shards: {stage: encode, text: prepared, tokenizer: pieces}
  teacher:
    stage: pretrain
    shards: shards
    encoder: {layers: 2, hidden: 64, ffn: 128, heads: 2}
    duration: {steps: 5}
"""


@pytest.fixture
def recipe(tmp_path: Path) -> Path:
    file = tmp_path / "recipe.yaml"
    file.write_text(GOOD)
    return file


def test_a_good_recipe_is_frozen_and_typed(recipe: Path) -> None:
    loaded = load_recipe(recipe)
    assert list(loaded.steps) == ["prepared", "pieces", "shards", "teacher"]
    assert loaded.steps["teacher"].duration.steps == 5
    with pytest.raises(ValueError, match="frozen"):
        loaded.name = "other"


def test_overrides_go_through_the_same_parser(recipe: Path) -> None:
    loaded = load_recipe(
        recipe, ["steps.teacher.duration={tokens: 9}", "steps.teacher.encoder.hidden=32", "data=/x", "name=n"]
    )
    assert loaded.steps["teacher"].duration.tokens == 9
    assert loaded.steps["teacher"].encoder.hidden == 32
    assert (loaded.data, loaded.name) == ("/x", "n")


def test_a_step_can_begin_as_another(recipe: Path) -> None:
    text = GOOD.replace("  teacher:", "  teacher: &teacher")
    recipe.write_text(text + "  second: {<<: *teacher, duration: {steps: 7}}\n")
    second = load_recipe(recipe).steps["second"]
    assert (second.duration.steps, second.encoder.hidden) == (7, 64)


SCALES = """\
scales:
  tiny:
    steps.*.duration: {steps: 1}
    steps.teacher.encoder.hidden: 16
    corpora.t*.path: "tiny/{language}.txt"
    steps.world: {stage: generate}
"""


def test_a_scale_is_a_set_of_overrides_that_the_command_line_goes_before(recipe: Path) -> None:
    recipe.write_text(GOOD + SCALES)
    assert load_recipe(recipe).steps["teacher"].duration.steps == 5, "written: no scale chosen"
    tiny = load_recipe(recipe, ["steps.teacher.encoder.hidden=32", "scale=tiny"])
    teacher = tiny.steps["teacher"]
    assert (teacher.duration.steps, teacher.encoder.hidden, teacher.encoder.ffn) == (1, 32, 128)
    assert tiny.corpora["text"].path == "tiny/{language}.txt"
    assert set(tiny.steps) == {"prepared", "pieces", "shards", "teacher", "world"}


@pytest.mark.parametrize(
    ("addition", "overrides", "place", "problem"),
    [
        (SCALES, ["scale=tini"], "scale", "no scale 'tini'; did you mean 'tiny'?"),
        ("", ["scale=tiny"], "scale", "no scale 'tiny'; this recipe has no 'scales'"),
        (
            "scales: {tiny: {steps.*.durration: 1}}",
            ["scale=tiny"],
            "scales.tiny.steps.*.durration",
            "nothing",
        ),
        ("scales: {tiny: 5}", ["scale=tiny"], "scales.tiny", "mapping of key paths"),
    ],
)
def test_a_scale_that_cannot_be(
    recipe: Path, addition: str, overrides: list[str], place: str, problem: str
) -> None:
    recipe.write_text(GOOD + addition)
    with pytest.raises(UserError) as caught:
        load_recipe(recipe, overrides)
    assert caught.value.place == place and problem in str(caught.value)


TEACHER = "steps.teacher"
MISTAKES = {
    "unknown key": (
        "layers: 2",
        "layers: 2, hiden: 64",
        f"{TEACHER}.encoder.hiden",
        "did you mean 'hidden'?",
    ),
    "unknown top key": ("name: good", "name: good\nstep: {}", "step", "did you mean 'steps'?"),
    "unknown step key": ("duration:", "durration:", f"{TEACHER}.durration", "did you mean 'duration'?"),
    "unknown corpus key": ("format: text", "fromat: text", "corpora.text.fromat", "did you mean 'format'?"),
    "unknown duration key": ("steps: 5", "step: 5", f"{TEACHER}.duration.step", "did you mean 'steps'?"),
    "wrong type": ("layers: 2", "layers: two", f"{TEACHER}.encoder.layers", "not 'two'"),
    "a list for a number": ("layers: 2", "layers: [2]", f"{TEACHER}.encoder.layers", "valid integer"),
    "a number for a name": ("shards: shards", "shards: 5", f"{TEACHER}.shards", "valid string"),
    "a number for names": ("corpora: [text]", "corpora: 5", "steps.prepared.corpora", "tuple"),
    "below the limit": ("steps: 5", "steps: 0", f"{TEACHER}.duration.steps", "greater than or equal to 1"),
    "not finite": ("steps: 5", "epochs: .inf", f"{TEACHER}.duration.epochs", "finite"),
    "negative seed": ("shards: shards", "shards: shards\n    seed: -1", f"{TEACHER}.seed", "greater than"),
    "two durations": ("steps: 5", "steps: 5, tokens: 9", f"{TEACHER}.duration", "exactly one"),
    "heads": ("heads: 2", "heads: 3", f"{TEACHER}.encoder", "3 heads do not divide"),
    "half a size": (", heads: 2", "", f"{TEACHER}.encoder", "also: heads"),
    "no start": (
        "    encoder: {layers: 2, hidden: 64, ffn: 128, heads: 2}\n",
        "",
        TEACHER,
        "'from' and 'encoder'",
    ),
    "missing key": ("    duration: {steps: 5}\n", "", f"{TEACHER}.duration", "is missing"),
    "unknown stage": ("stage: pretrain", "stage: pretrian", TEACHER, "did you mean 'pretrain'?"),
    "no stage": ("stage: pretrain", "seed: 1", TEACHER, "unknown stage 'None'"),
    "a stage that is a list": ("stage: pretrain", "stage: [pretrain]", TEACHER, "unknown stage"),
    "a step that is a word": (
        "prepared: {stage: prepare, corpora: [text]}",
        "prepared: yes",
        "steps.prepared",
        "dictionary",
    ),
    "missing step": ("shards: shards", "shards: shardz", f"{TEACHER}.shards", "did you mean 'shards'?"),
    "missing step in a list": (
        "text: [prepared]",
        "text: [prepare]",
        "steps.pieces.text",
        "did you mean 'prepared'?",
    ),
    "missing corpus": (
        "corpora: [text]",
        "corpora: [texts]",
        "steps.prepared.corpora",
        "did you mean 'text'?",
    ),
    "step of a stage that cannot be read": (
        "shards: shards",
        "shards: pieces",
        f"{TEACHER}.shards",
        "due here: encode",
    ),
    "source that is no generate step": (
        "format: text",
        "source: pieces",
        "corpora.text.source",
        "due here: generate",
    ),
    "cycle": (
        "    encoder: {layers: 2, hidden: 64, ffn: 128, heads: 2}",
        "    from: teacher",
        "steps",
        "circle: teacher -> teacher",
    ),
    "key that stands twice": (
        "    duration:",
        "    shards: shards\n    duration:",
        "line 14",
        "'shards' stands twice",
    ),
    "step that stands twice": ("  pieces:", "  prepared: {}\n  pieces:", "line 8", "'prepared' stands twice"),
    "name": ("name: good", "name: Not Good", "name", "should match pattern"),
    "no steps": (GOOD[GOOD.index("steps:") :], "", "steps", "is missing"),
    "steps that are a number": (GOOD[GOOD.index("steps:") :], "steps: 5", "steps", "dictionary"),
    "unclosed": ("[text]}", "[text}", "line 7", "not YAML"),
    "a key that is a list": ("name: good", "name: good\n? [a]\n: b", "line 2", "not YAML"),
    "a date that is none": ("name: good", "name: 2026-13-45", None, "not YAML"),
    "a tab": ("  prepared:", "\tprepared:", "line 7", "not YAML"),
    "a control character": ("good", "go\x07od", None, "not YAML"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_each_mistake_is_named_with_its_place(recipe: Path, mistake: str) -> None:
    old, new, place, problem = MISTAKES[mistake]
    assert GOOD.count(old) == 1
    recipe.write_text(GOOD.replace(old, new))
    with pytest.raises(UserError) as caught:
        load_recipe(recipe)
    assert caught.value.file == str(recipe)
    assert caught.value.place == place
    assert problem in caught.value.problem


@pytest.mark.parametrize(
    ("override", "file", "place", "problem"),
    [
        ("steps.techer.duration.steps=5", "--set", "steps.techer.duration.steps", "did you mean 'teacher'?"),
        ("steps.teacher.duration", "--set", None, "is no assignment; due: key.path=value"),
        ("=5", "--set", None, "is no assignment"),
        ("name=[a", "--set", "name", "is not YAML"),
        ("name=2026-13-45", "--set", "name", "is not YAML"),
        ("steps.teacher.seeed=1", None, "steps.teacher.seeed", "did you mean 'seed'?"),
        ("steps.teacher.seed=one", None, "steps.teacher.seed", "not 'one'"),
        ("steps=5", None, "steps", "dictionary"),
    ],
)
def test_each_wrong_override_is_named(
    recipe: Path, override: str, file: str | None, place: str | None, problem: str
) -> None:
    with pytest.raises(UserError) as caught:
        load_recipe(recipe, [override])
    assert caught.value.file == (file or str(recipe))
    assert caught.value.place == place
    assert problem in caught.value.problem


@pytest.mark.parametrize("text", ["just words", "- a\n- b\n", "# nothing\n"])
def test_a_recipe_is_a_mapping(recipe: Path, text: str) -> None:
    recipe.write_text(text)
    with pytest.raises(UserError, match="a recipe is a mapping"):
        load_recipe(recipe)


def test_a_recipe_that_is_no_file_of_text(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    (tmp_path / "latin").write_bytes(b"name: caf\xe9\n")
    problems = {
        ".": "is a directory",
        "missing": "no such file",
        "empty": "is empty",
        "latin": "line 1: byte 10 ",
    }
    for name, problem in problems.items():
        with pytest.raises(UserError, match=problem):
            load_recipe(tmp_path / name)
