"""FSDP2 in several processes trains as one process does, holds what it should, and moves between sizes."""

from __future__ import annotations

import pytest

from understudy.model.memory import parameter_units, state_bytes

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def two(train):
    cases = {f"zero-{zero}": {"parallel": {"zero": zero}} for zero in (1, 2, 3)}
    cases |= {
        "checkpointing": {"parallel": {"zero": 3, "activation_checkpointing": True}},
        "bf16": {"parallel": {"zero": 2}, "settings": {"bf16": True}},
        "fp16": {"parallel": {"zero": 2}, "settings": {"precision": "fp16"}},
        "fp16-stopped": {"settings": {"precision": "fp16"}, "stop_after": 12},
        "fp16-resumed": {"settings": {"precision": "fp16"}, "start": "fp16-stopped"},
        "lamb": {"settings": {"optimizer": "lamb"}},
        "packed": {"parallel": {"zero": 3}, "packed": True},
        "stopped": {"stop_after": 12},
        "resumed": {"start": "stopped"},
    }
    return train(2, cases)


@pytest.mark.parametrize("case", ["zero-1", "zero-2", "zero-3", "checkpointing", "packed"])
def test_two_processes_train_as_one(alone, two, same_logits, case: str) -> None:
    assert len(alone["fp32"]["losses"]) == 20
    assert two[case]["losses"] == pytest.approx(alone["fp32"]["losses"], rel=1e-5)
    # Adam's steps do not hang on the gradients' size, so that is compared for itself.
    assert two[case]["norms"] == pytest.approx(alone["fp32"]["norms"], rel=1e-4)
    history = zip(two[case]["numbers"]["history"], alone["fp32"]["numbers"]["history"], strict=True)
    for entry, due in history:
        assert entry == pytest.approx(due, rel=1e-5)
    same_logits(two[case], alone["fp32"])


def test_lamb_has_the_norms_of_whole_weights(alone, two) -> None:
    assert two["lamb"]["losses"] == pytest.approx(alone["lamb"]["losses"], rel=1e-5)


def test_bf16_rounds_the_weights_too_and_stays_near(alone, two) -> None:
    assert two["bf16"]["losses"] == pytest.approx(alone["bf16"]["losses"], rel=2e-2)
    assert two["bf16"]["losses"] != two["zero-2"]["losses"]


def test_fp16_finds_its_scale_together_and_stays_near(alone, two) -> None:
    assert two["fp16"]["losses"] == pytest.approx(alone["fp32"]["losses"], rel=2e-2)
    assert two["fp16"]["losses"] == pytest.approx(alone["fp16"]["losses"], rel=5e-3)
    numbers = two["fp16"]["numbers"], alone["fp16"]["numbers"]
    assert numbers[0]["skipped_steps"] == numbers[1]["skipped_steps"]
    assert two["fp16-resumed"]["losses"] == two["fp16"]["losses"][7:]


@pytest.mark.parametrize("zero", [1, 2, 3])
def test_what_is_held_is_what_the_formula_says(two, config, zero: int) -> None:
    due = state_bytes(
        parameter_units(config), shards=2, zero=zero, precision="fp32", engine="fsdp", accumulates=False
    )
    fullest = max(two[f"zero-{zero}"]["bytes"], key=lambda held: held["weights"])
    assert fullest == {"weights": due.weights, "gradients": due.gradients, "moments": due.moments}


def test_a_stopped_run_continues_as_it_was(two) -> None:
    straight = two["zero-2"]["losses"]
    assert two["stopped"]["losses"] == straight[:12]
    assert two["resumed"]["losses"] == straight[7:]


def test_replicas_of_shards_train_as_one_process(alone, train, same_logits, config) -> None:
    cases = {f"zero-{zero}": {"parallel": {"zero": zero, "replicas": 2}} for zero in (1, 3)}
    for case in train(4, cases).values():
        assert case["losses"] == pytest.approx(alone["fp32"]["losses"], rel=1e-5)
        assert case["norms"] == pytest.approx(alone["fp32"]["norms"], rel=1e-4)
        same_logits(case, alone["fp32"])
        weights = [held["weights"] for held in case["bytes"]]
        assert weights == [weights[0], weights[1]] * 2
        assert sum(weights) == 2 * 4 * config.total_parameters


@pytest.mark.parametrize(("before", "after"), [(2, 1), (1, 2)])
def test_another_number_of_processes_continues(alone, two, train, before: int, after: int) -> None:
    stopped = {1: alone, 2: two}[before]["stopped"]
    case = {"start": str(stopped["folder"])}
    resumed = train(after, {"resumed": case})["resumed"]
    assert resumed["losses"] == pytest.approx(alone["fp32"]["losses"][7:], rel=1e-5)
