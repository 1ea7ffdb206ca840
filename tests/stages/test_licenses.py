"""Licences of data are told and change nothing that is made from it."""

from __future__ import annotations

import json
from pathlib import Path

from understudy.stages.card import data_rows
from understudy.stages.runner import Run

RECIPE = """
name: told
corpora:
  public: {{path: "{folder}/text.txt", format: text, locales: [en]{license}}}
labels:
  all: {{path: "{folder}/frames.jsonl", format: frames, locales: [en-US]{license}}}
steps:
  text: {{stage: prepare, corpora: [public], pack_words: 0, minimum_words: 1, validation_share: 0.2}}
  drawn: {{stage: resample, labels: all}}
"""


def test_a_licence_is_no_part_of_what_a_step_is_made_from(tmp_path: Path) -> None:
    (tmp_path / "text.txt").write_text("".join(f"this is sentence number {i}\n" for i in range(40)))
    row = {"id": "1", "locale": "en-US", "text": "stop", "domain": "d", "intent": "i", "slots": []}
    (tmp_path / "frames.jsonl").write_text(json.dumps(row | {"partition": "train"}) + "\n")
    runs = []
    for name, license in (("a", ""), ("b", ", license: CC0")):
        recipe = tmp_path / f"{name}.yaml"
        recipe.write_text(RECIPE.format(folder=tmp_path, license=license))
        runs.append(Run(recipe, tmp_path / "runs"))
    for step in ("text", "drawn"):
        plain, told = (run._plan(step) for run in runs)
        assert plain.fingerprint == told.fingerprint
    runs[1].execute(["text"], say=lambda _: None)
    artifact = runs[1]._input("drawn", "text")
    assert artifact.numbers["licenses"] == {"public": "CC0"}
    (told_row,) = data_rows({"text": artifact})
    assert told_row[:2] == ("text", "public text of public")
    assert told_row[-1] == "public: CC0"
