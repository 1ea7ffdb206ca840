"""The resample stage: what it writes is a label set that other steps read, and no test row goes in."""

from __future__ import annotations

import json
from pathlib import Path

from understudy.core.recipe.entries import Labels
from understudy.core.recipe.nlu_steps import Resample
from understudy.core.stage import Inputs, LabelFiles
from understudy.stages.resample import run
from understudy.utterances.read import read_split


def test_frames_are_written_by_locale(tmp_path: Path) -> None:
    files = {}
    for locale, size in (("en-US", 50), ("de-DE", 20)):
        rows = [
            {
                "id": str(i),
                "locale": locale,
                "text": f"wake {i % 7}",
                "domain": "alarm",
                "intent": "x",
                "slots": [],
            }
            | {"partition": "test" if i % 5 == 0 else "train" if i % 5 < 4 else "dev"}
            for i in range(size)
        ]
        files[locale] = (tmp_path / f"{locale}.jsonl",)
        files[locale][0].write_text("".join(json.dumps(row) + "\n" for row in rows))
    labels = Labels(path="x", locales=tuple(files), format="frames")
    inputs = Inputs(labels={"all": LabelFiles(labels, files, ("train", "dev"))})
    numbers = run(Resample(stage="resample", labels="all", seed=1), inputs, tmp_path / "out")
    assert numbers["utterances"] == {
        locale: {"alarm": {"train": 13, "dev": 2, "test": 1}} for locale in ("de-DE", "en-US")
    }
    written = {locale: (tmp_path / "out" / "labelled" / f"{locale}.jsonl",) for locale in files}
    test = read_split(LabelFiles(labels, written), "test")
    assert [frame.locale for frame in test] == ["en-US", "de-DE"]
    row = json.loads(written["de-DE"][0].read_text().splitlines()[0])
    assert row["tail"] == {"rare": row["tail"]["rare"], "outside_top": False}
    assert all(int(frame.id.split("~")[0]) % 5 for frame in test)
