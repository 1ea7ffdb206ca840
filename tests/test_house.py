"""The house rules that no linter holds: what the documents say is so, and files stay small and documented."""

from __future__ import annotations

import ast
import os
import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest
import typer.main
from typer.core import TyperGroup

from understudy.cli import app
from understudy.core.recipe.load import load_recipe

REPOSITORY = Path(__file__).parents[1]
SOURCE = REPOSITORY / "src" / "understudy"
MODULES = sorted(SOURCE.rglob("*.py"))
DOCUMENTS = [
    *REPOSITORY.glob("*.md"),
    *REPOSITORY.glob("docs/*.md"),
    *REPOSITORY.glob("benchmarks/*.md"),
    *REPOSITORY.glob("examples/*/*.md"),
]
RECIPES = sorted(REPOSITORY.glob("recipes/*.yaml"))
LONGEST_FILE = 320

_CODE = re.compile(r"```(\w*)\n(.*?)```|`([^`\n]+)`", re.DOTALL)


def relative(path: Path) -> str:
    return str(path.relative_to(REPOSITORY))


def each(paths: list[Path]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("path", paths, ids=relative)


def code_lines(text: str) -> list[str]:
    """Every line of fenced and inline code, indentation and trailing comments off."""
    blocks = [fenced or inline for _, fenced, inline in _CODE.findall(text)]
    return [re.sub(r"\s+#.*", "", line).strip() for block in blocks for line in block.splitlines()]


def tracked_files() -> list[Path]:
    """Files of the repository as git knows them, new ones included; all others are build outputs."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout, so what belongs to the repository is not known")
    return [file for name in listed.stdout.split("\0") if name and (file := REPOSITORY / name).is_file()]


def unknown_words(line: str) -> list[str]:
    """Commands and options of an ``understudy`` command line that the program does not have."""
    command: Any = typer.main.get_command(app)
    unknown = []
    for word in shlex.split(line[line.index("understudy") :])[1:]:
        if isinstance(command, TyperGroup) and not word.startswith("-"):
            if word not in command.commands:
                return [word]
            command = command.commands[word]
        elif word.startswith("-"):
            options = {name for parameter in command.params for name in parameter.opts}
            unknown += [] if word.split("=")[0] in options | {"--help"} else [word]
    return unknown


COMMAND = re.compile(r"(?:.*[/ ])?understudy [a-z]")


@pytest.mark.parametrize(
    ("line", "unknown"),
    [
        ("understudy run recipes/demo.yaml --only student", []),
        ("srun understudy step R S --runs D", []),
        ("understudy data convert --from massive --to frames IN OUT", []),
        ("understudy perform R", ["perform"]),
        ("understudy run R --fast", ["--fast"]),
        ("understudy data upload IN", ["upload"]),
    ],
)
def test_the_check_of_command_lines_sees_what_is_wrong(line: str, unknown: list[str]) -> None:
    assert COMMAND.match(line)
    assert unknown_words(line) == unknown


@each(DOCUMENTS)
def test_documents_name_only_commands_that_exist(path: Path) -> None:
    lines = [line for line in code_lines(path.read_text(encoding="utf-8")) if COMMAND.match(line)]
    if path.name == "README.md" and path.parent == REPOSITORY:
        assert len(lines) >= 12
    assert {line: unknown for line in lines if (unknown := unknown_words(line))} == {}


def test_the_readme_names_every_command() -> None:
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    lines = [line for line in code_lines((REPOSITORY / "README.md").read_text()) if COMMAND.match(line)]
    named = {word for line in lines for word in line.split()}
    assert sorted(set(group.commands) - named) == []


@each(DOCUMENTS)
def test_documents_name_only_targets_links_and_recipes_that_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", (REPOSITORY / "Makefile").read_text(), re.MULTILINE))
    named = {match[1] for line in code_lines(text) if (match := re.match(r"make ([a-z]+)\b", line))}
    assert named <= targets
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", text)
    assert [link for link in links if not (path.parent / link).exists()] == []
    assert [
        name for name in re.findall(r"recipes/[\w.-]+\.yaml", text) if not (REPOSITORY / name).is_file()
    ] == []


def test_the_readme_recipe_loads(tmp_path: Path) -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", (REPOSITORY / "README.md").read_text(), re.DOTALL)
    assert len(blocks) == 1
    file = tmp_path / "recipe.yaml"
    file.write_text(blocks[0])
    assert {step.stage for step in load_recipe(file).steps.values()} >= {"pretrain", "distill", "export"}


def test_the_corpus_guide_recipe_loads(tmp_path: Path) -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", (REPOSITORY / "docs" / "corpus.md").read_text(), re.DOTALL)
    file = tmp_path / "recipe.yaml"
    labels = "labels: {mine: {path: labelled, locales: [de-DE]}}\n"
    file.write_text("name: guide\n" + labels + "".join(blocks))
    recipe = load_recipe(file)
    assert set(recipe.corpora) == {"wikipedia", "crawl", "c4", "news", "hub", "utterances"}
    assert recipe.steps["text"].filters.near_duplicates is not None


def test_there_are_recipes() -> None:
    assert {"demo.yaml", "massive-small.yaml"} <= {path.name for path in RECIPES}


@each(RECIPES)
def test_recipes_load(path: Path) -> None:
    assert load_recipe(path).name == path.stem


@each(MODULES)
def test_modules_are_short_and_documented(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGEST_FILE
    public = path.name in ("__init__.py", "__main__.py") or not path.name.startswith("_")
    assert not public or not text.strip() or ast.get_docstring(ast.parse(text))


def test_the_contributing_guide_names_every_room() -> None:
    guide = (REPOSITORY / "CONTRIBUTING.md").read_text()
    rooms = {path.parent.name for path in SOURCE.glob("*/__init__.py")}
    assert sorted(room for room in rooms if f"`{room}/`" not in guide) == []


def test_no_file_names_a_machine_or_a_registry() -> None:
    # Put together here, so that this file does not match itself.
    machines = "|".join(("/wo" + "rk/", "/ro" + "ot/"))
    registries = "|".join(("py" + r"pi\.org", "python" + r"hosted\.org", "download" + r"\.pytorch\.org"))
    forbidden = re.compile(rf"(?<![\w.])(?:{machines})|{registries}")
    assert forbidden.search("see " + "/wo" + "rk/main")
    found = {}
    for file in tracked_files():
        match = forbidden.search(file.read_text(encoding="utf-8", errors="replace"))
        if match:
            found[relative(file)] = match[0]
    assert found == {}


def test_make_alone_lists_every_target() -> None:
    makefile = (REPOSITORY / "Makefile").read_text()
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony
    # Under `make test` this is a make within a make, which would say so.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    listed = subprocess.run(
        ["make"], cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=True
    ).stdout
    assert [line.split()[1] for line in listed.splitlines()] == phony[1].split()


@pytest.mark.parametrize(
    ("prints", "exits", "passes"),
    [
        ("==== 12 passed, 3 skipped in 4.56s ====", 0, True),
        ("==== 200 passed in 95.02s (0:01:35) ====", 0, True),
        ("==== no tests ran in 0.12s ====", 0, False),
        ("==== 5 skipped in 0.12s ====", 0, False),
        ("==== 1 failed, 12 passed in 4.56s ====", 2, False),
    ],
)
def test_ci_fails_unless_tests_ran_and_passed(tmp_path: Path, prints: str, exits: int, passes: bool) -> None:
    make = tmp_path / "make"
    make.write_text(f'#!/bin/sh\necho "$*"\necho "{prints}"\nexit {exits}\n')
    make.chmod(0o755)
    installer = tmp_path / "apt-get"
    installer.write_text("#!/bin/sh\necho installed\n")
    installer.chmod(0o755)
    environment = os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    done = subprocess.run(
        [REPOSITORY / ".ci" / "run"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == f"test\n{prints}\n"
    assert (done.returncode == 0) == passes
