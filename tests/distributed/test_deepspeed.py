"""DeepSpeed's ZeRO in two processes trains as one process does, and leaves checkpoints for any engine."""

from __future__ import annotations

import pytest

from understudy.model.memory import parameter_units, state_bytes

pytest.importorskip("deepspeed", reason="the second engine is an extra")
pytestmark = pytest.mark.slow


def zero(stage: int, **case):
    return {"parallel": {"engine": "deepspeed", "zero": stage}, **case}


@pytest.fixture(scope="module")
def two(train, alone):
    cases = {f"zero-{stage}": zero(stage) for stage in (1, 2, 3)}
    cases |= {f"stopped-{stage}": zero(stage, stop_after=12) for stage in (1, 2, 3)}
    cases |= {f"resumed-{stage}": zero(stage, start=f"stopped-{stage}") for stage in (1, 2, 3)}
    cases["from-one"] = zero(2, start=str(alone["stopped"]["folder"]))
    cases["bf16"] = zero(2, settings={"bf16": True})
    cases["packed"] = zero(3, packed=True)
    return train(2, cases)


@pytest.mark.parametrize("stage", [1, 2, 3])
def test_two_processes_train_as_one(alone, two, same_logits, stage: int) -> None:
    case = two[f"zero-{stage}"]
    assert case["losses"] == pytest.approx(alone["fp32"]["losses"], rel=1e-5)
    # Adam's steps do not hang on the gradients' size, so that is compared for itself.
    assert case["norms"] == pytest.approx(alone["fp32"]["norms"], rel=1e-4)
    history = zip(case["numbers"]["history"], alone["fp32"]["numbers"]["history"], strict=True)
    for entry, due in history:
        assert entry == pytest.approx(due, rel=1e-5)
    same_logits(case, alone["fp32"])


def test_sequences_end_to_end_train_as_padded_rows_do(alone, two) -> None:
    assert two["packed"]["losses"] == pytest.approx(alone["fp32"]["losses"], rel=1e-5)


@pytest.mark.parametrize("stage", [1, 2, 3])
def test_a_stopped_run_continues_as_it_was(two, stage: int) -> None:
    assert two[f"resumed-{stage}"]["losses"] == pytest.approx(two[f"zero-{stage}"]["losses"][7:], rel=1e-6)


def test_any_engine_goes_on_from_any_other(alone, two, train) -> None:
    assert two["from-one"]["losses"] == pytest.approx(alone["fp32"]["losses"][7:], rel=1e-5)
    cases = {"from-zero-3": {"start": str(two["stopped-3"]["folder"])}}
    (case,) = train(1, cases).values()
    assert case["losses"] == pytest.approx(alone["fp32"]["losses"][7:], rel=1e-5)


def test_bf16_rounds_the_weights_too_and_stays_near(alone, two) -> None:
    assert two["bf16"]["losses"] == pytest.approx(alone["bf16"]["losses"], rel=2e-2)
    assert two["bf16"]["losses"] != two["zero-2"]["losses"]


@pytest.mark.parametrize("stage", [1, 2, 3])
def test_what_is_held_is_what_the_formula_says(two, config, stage: int) -> None:
    due = state_bytes(parameter_units(config), shards=2, zero=stage, precision="fp32", engine="deepspeed")
    for held in two[f"zero-{stage}"]["bytes"]:
        assert held == {"weights": due.weights, "moments": due.moments}
