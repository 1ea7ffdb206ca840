"""Where a process finds its place among others; ``tests/distributed`` starts them."""

from __future__ import annotations

import pytest

from understudy.core.errors import UserError
from understudy.stages.together import Place

TORCHRUN = {
    "RANK": "5",
    "WORLD_SIZE": "8",
    "LOCAL_RANK": "1",
    "MASTER_ADDR": "localhost",
    "MASTER_PORT": "29500",
}


def test_the_place_is_what_torchrun_says() -> None:
    assert Place.of(TORCHRUN) == Place(rank=5, size=8, local_rank=1)
    assert Place.of({}) == Place.of(TORCHRUN | {"WORLD_SIZE": "1"}) == Place(rank=0, size=1, local_rank=0)


@pytest.mark.parametrize("name", ["RANK", "LOCAL_RANK", "MASTER_ADDR", "MASTER_PORT"])
def test_half_a_place_is_refused(name: str) -> None:
    with pytest.raises(UserError, match=f"WORLD_SIZE is 8 but {name} is not set; start with torchrun"):
        Place.of({key: value for key, value in TORCHRUN.items() if key != name})


def test_a_whole_recipe_is_run_by_one_process(understudy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORLD_SIZE", "2")
    understudy("run", "any.yaml").is_user_error(
        "several processes make one step", "understudy step RECIPE STEP"
    )
