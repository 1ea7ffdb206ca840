"""Packed sequences: the same numbers as padded rows and as the plain formula, and no leak across borders."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator
from dataclasses import replace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from understudy.core.errors import UserError
from understudy.model.attention import (
    Kernel,
    attention,
    choose_kernel,
    packed_attention,
    packing,
    plain_attention,
)
from understudy.model.encoder import MaskedLanguageModel

LENGTHS = [3, 9, 24, 1, 12]
BORDERS = torch.tensor([0, 3, 12, 36, 37, 49])
POSITIONS = torch.cat([torch.arange(length) for length in LENGTHS])
KERNELS: tuple[Kernel, ...] = ("padded", "flex", "plain")


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="flex_attention called without torch.compile")
        yield


def packed(
    model: MaskedLanguageModel, ids: Tensor, kernel: Kernel | None, states: list[Tensor] | None = None
) -> Tensor:
    return model.encoder.packed(ids, POSITIONS, BORDERS, states, kernel=kernel)


@pytest.mark.parametrize("kernel", KERNELS)
@torch.no_grad()
def test_packed_is_padded(model: MaskedLanguageModel, batch, kernel: Kernel) -> None:
    ids, mask = batch(LENGTHS, 24)
    rows: list[Tensor] = []
    ends: list[Tensor] = []
    due = model.encoder(ids, mask, rows)[mask]
    assert due.std() > 0.5
    torch.testing.assert_close(packed(model, ids[mask], kernel, ends), due, atol=1e-5, rtol=0)
    for one, other in zip(ends, rows, strict=True):
        torch.testing.assert_close(one, other[mask], atol=3e-5, rtol=1e-5)


def gradients(model: MaskedLanguageModel, hidden: Tensor) -> dict[str, Tensor]:
    model.zero_grad()
    generator = torch.Generator().manual_seed(5)
    (hidden * torch.randn(hidden.shape, generator=generator, dtype=hidden.dtype)).sum().backward()
    return {name: p.grad.clone() for name, p in model.encoder.named_parameters() if p.grad is not None}


@pytest.mark.parametrize("kernel", ["padded", "plain"])
def test_gradients_of_packed_are_those_of_padded(model: MaskedLanguageModel, batch, kernel: Kernel) -> None:
    model.double()
    ids, mask = batch(LENGTHS, 24)
    due = gradients(model, model.encoder(ids, mask)[mask])
    got = gradients(model, packed(model, ids[mask], kernel))
    # The oracle itself is in float64 here.
    assert got.keys() == due.keys()
    for name in due:
        torch.testing.assert_close(got[name], due[name], atol=1e-5, rtol=1e-6)


@pytest.mark.parametrize(
    ("kernel", "grad"), [("padded", True), ("padded", False), ("flex", False), ("plain", False)]
)
@pytest.mark.parametrize("changed", range(len(LENGTHS)))
def test_a_sequence_changes_no_other_by_a_bit(
    model: MaskedLanguageModel, batch, kernel: Kernel, grad: bool, changed: int
) -> None:
    ids, mask = batch(LENGTHS, 24)
    ids = ids[mask]
    begin, end = BORDERS[changed : changed + 2].tolist()
    with torch.set_grad_enabled(grad):
        before = packed(model, ids, kernel)
        ids[begin:end] = torch.where(ids[begin:end] == 7, 8, 7)
        after = packed(model, ids, kernel)
    mine = (torch.arange(len(ids)) >= begin) & (torch.arange(len(ids)) < end)
    assert torch.equal(before[~mine], after[~mine])
    assert ((before - after)[mine].abs().amax(-1) > 1e-3).all()


def test_a_sequence_gives_no_gradient_to_another(model: MaskedLanguageModel, batch) -> None:
    ids, mask = batch(LENGTHS, 24)
    states = model.encoder.words.weight.detach()[ids[mask]].requires_grad_()
    qkv = torch.nn.functional.linear(states, torch.randn(144, 48)).view(-1, 3, 4, 12)
    where = packing(BORDERS, len(states), 24, "padded")
    packed_attention(qkv, where, 0.0)[12:36].sum().backward()
    assert states.grad is not None
    assert (states.grad.abs().amax(-1) > 0).nonzero().flatten().tolist() == list(range(12, 36))


@given(st.lists(st.integers(0, 9), min_size=1, max_size=7).filter(any), st.integers(0, 99))
def test_any_borders(lengths: list[int], seed: int) -> None:
    """The formula, written out by sequence; empty sequences may stand anywhere."""
    generator = torch.Generator().manual_seed(seed)
    qkv = torch.randn(sum(lengths), 3, 2, 4, generator=generator, dtype=torch.float64)
    borders = torch.tensor([0, *lengths]).cumsum(0)
    due = []
    for one in qkv.split(lengths):
        query, key, value = one.permute(1, 2, 0, 3)
        due.append(((query @ key.transpose(1, 2) / 2).softmax(-1) @ value).transpose(0, 1))
    for kernel in ("padded", "plain"):
        for grad in (False, True):
            with torch.set_grad_enabled(grad):
                where = packing(borders, len(qkv), 9, kernel)
                torch.testing.assert_close(packed_attention(qkv, where, 0.0), torch.cat(due))


@pytest.mark.parametrize("kernel", [None, "plain"])
def test_a_layer_compiles_whole(model: MaskedLanguageModel, kernel: Kernel | None) -> None:
    """Dynamo finds one graph, padded or packed; the graph itself is run as it is."""
    block = model.encoder.blocks[0]
    x = torch.randn(49, 48, generator=torch.Generator().manual_seed(0))
    if kernel is None:
        x, where = x.view(7, 7, 48), torch.zeros(7, 1, 1, 7)
    else:
        where = packing(BORDERS, 49, 24, kernel)
    compiled = torch.compile(block, backend="eager", fullgraph=True)
    torch.testing.assert_close(compiled(x, where), block(x, where))


def test_packed_sequences_drop_attention_where_they_can(model: MaskedLanguageModel, batch) -> None:
    ids, mask = batch(LENGTHS, 24)
    model.train()
    for block in model.encoder.blocks:
        block.dropout = 0.0
    model.encoder.config = replace(model.config, dropout=0.0)
    assert not torch.allclose(packed(model, ids[mask], "padded"), packed(model, ids[mask], "padded"))
    with pytest.raises(UserError, match=r"attention_dropout: packed sequences have no attention dropout"):
        packed(model, ids[mask], "plain")
    model.eval()
    packed(model, ids[mask], "plain")


def test_a_sequence_beyond_the_position_table_is_named(model: MaskedLanguageModel) -> None:
    ids = torch.full((25,), 7)
    message = r"encoder\.max_length: rows of 25 pieces do not fit a model of 24"
    with pytest.raises(UserError, match=message):
        model.encoder(ids[None], torch.ones(1, 25))
    with pytest.raises(UserError, match=message):
        model.encoder.packed(ids, torch.arange(25), torch.tensor([0, 25]))


@pytest.mark.parametrize("borders", [[0, 4], [1, 5], [0, 3, 2, 5]])
def test_borders_that_cannot_be(model: MaskedLanguageModel, borders: list[int]) -> None:
    with pytest.raises(ValueError, match="from 0 to 5"):
        model.encoder.packed(torch.full((5,), 7), torch.zeros(5, dtype=torch.long), torch.tensor(borders))


def test_the_kernel_goes_by_device_type_and_head(monkeypatch: pytest.MonkeyPatch) -> None:
    cuda, half = torch.device("cuda"), torch.bfloat16
    capability = (9, 0)
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda device: capability)
    assert choose_kernel(torch.device("cpu"), half, 64) == "padded"
    assert choose_kernel(cuda, torch.float32, 64) == "flex"
    assert choose_kernel(cuda, half, 26) == "flex"
    assert choose_kernel(cuda, half, 80) == "varlen"
    capability = (7, 5)
    assert choose_kernel(cuda, half, 80) == "flex"
    capability = (9, 0)
    monkeypatch.setattr("understudy.model.attention.VARLEN", False)
    assert choose_kernel(cuda, half, 80) == "flex"


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_the_oracle_by_the_formula(dtype: torch.dtype) -> None:
    generator = torch.Generator().manual_seed(0)
    query, key, value = (torch.randn(2, 5, 4, dtype=dtype, generator=generator) for _ in range(3))
    allowed = torch.tensor([[abs(i - j) != 1 for j in range(5)] for i in range(5)])
    got = plain_attention(query, key, value, allowed)
    for head in range(2):
        for place in range(5):
            seen = [i for i in range(5) if abs(i - place) != 1]
            scores = [float(query[head, place] @ key[head, i]) / 2 for i in seen]
            total = sum(math.exp(score) for score in scores)
            due = sum(math.exp(s) / total * value[head, i] for s, i in zip(scores, seen, strict=True))
            torch.testing.assert_close(got[head, place], due, atol=1e-6, rtol=0)


@pytest.mark.parametrize("grad", [True, False])
@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_large_queries_and_keys_do_not_overflow_in_half_precision(dtype: torch.dtype, grad: bool) -> None:
    # 64 * 40 * 40 = 102,400 is beyond float16; divided by 8 it is not.
    signs = torch.tensor([1.0, -1.0, 1.0, 1.0, -1.0])[None, None, :, None]
    query = (40 * signs).expand(1, 2, 5, 64).to(dtype)
    value = torch.randn(1, 2, 5, 64, generator=torch.Generator().manual_seed(0)).to(dtype)
    assert not torch.isfinite(query.half() @ query.half().transpose(-1, -2)).all()
    with torch.set_grad_enabled(grad):
        got = attention(query, query, value, torch.zeros(1, 1, 1, 5), 0.0)
    due = plain_attention(*(x.double() for x in (query, query, value)), torch.ones(5, 5, dtype=torch.bool))
    torch.testing.assert_close(got.double(), due, atol=2e-2 if dtype == torch.bfloat16 else 2e-3, rtol=0)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
@pytest.mark.parametrize("given_as", ["float32", "half"])
@torch.no_grad()
def test_layer_norms_have_their_statistics_in_float32(
    model: MaskedLanguageModel, dtype: torch.dtype, given_as: str
) -> None:
    # Squares of 300 and more overflow float16, and a sum of 48 of them loses bfloat16's 8 bits.
    x = 300 + 40 * torch.randn(7, 48, generator=torch.Generator().manual_seed(0))
    norm = model.encoder.blocks[0].ffn_norm
    x = x if given_as == "float32" else x.to(dtype)
    with torch.autocast("cpu", dtype=dtype):
        got = norm(x)
    wide = x.double()
    due = (wide - wide.mean(-1, keepdim=True)) / (wide.var(-1, unbiased=False, keepdim=True) + 1e-5).sqrt()
    due = due * norm.weight.double() + norm.bias.double()
    rounding = 2e-5 if given_as == "float32" else torch.finfo(dtype).eps
    torch.testing.assert_close(got.double(), due, atol=rounding, rtol=rounding)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_under_autocast_the_residual_stream_stays_in_float32(
    model: MaskedLanguageModel, batch, dtype: torch.dtype
) -> None:
    ids, mask = batch(LENGTHS, 24)
    with torch.no_grad():
        due = model.encoder(ids, mask)[mask]
    for in_rows in (True, False):
        states: list[Tensor] = []
        with torch.autocast("cpu", dtype=dtype):
            got = (
                model.encoder(ids, mask, states)[mask] if in_rows else packed(model, ids[mask], None, states)
            )
        assert {state.dtype for state in states} == {torch.float32}
        error = (got - due).abs().max() / due.std()
        assert error < (0.15 if dtype == torch.bfloat16 else 0.02)


@pytest.mark.gpu
@pytest.mark.parametrize("kernel", ["varlen", "flex"])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
def test_cuda_kernels_agree_with_the_oracle(
    model: MaskedLanguageModel, batch, kernel: Kernel, dtype: torch.dtype
) -> None:
    if not torch.cuda.is_available():
        pytest.skip("no CUDA device")
    # varlen needs half precision and heads of a multiple of 8; flex heads of 16 at least.
    if kernel == "varlen" and dtype == torch.float32:
        pytest.skip("varlen is for half precision")
    generator = torch.Generator().manual_seed(0)
    qkv = torch.randn(49, 3, 4, 16, generator=generator).to("cuda", dtype).requires_grad_()
    push = torch.randn(49, 4, 16, generator=generator).to("cuda", dtype)
    made = {}
    for name in (kernel, "plain"):
        where = packing(BORDERS.cuda(), 49, 24, name)
        out = packed_attention(qkv, where, 0.0)
        (grad,) = torch.autograd.grad(out, qkv, push)
        made[name] = (out.detach(), grad)
    for got, due in zip(made[kernel], made["plain"], strict=True):
        atol = 1e-5 if dtype == torch.float32 else 4 * torch.finfo(dtype).eps
        torch.testing.assert_close(got, due, atol=atol, rtol=4 * torch.finfo(dtype).eps)


@pytest.mark.gpu
@torch.no_grad()
def test_no_leak_on_cuda(model: MaskedLanguageModel, batch) -> None:
    if not torch.cuda.is_available():
        pytest.skip("no CUDA device")
    ids, mask = batch(LENGTHS, 24)
    ids, places, borders = ids[mask].cuda(), POSITIONS.cuda(), BORDERS.cuda()
    model.cuda()
    for dtype in (torch.float32, torch.bfloat16):
        with torch.autocast("cuda", dtype=dtype, enabled=dtype != torch.float32):
            before = model.encoder.packed(ids, places, borders)
            other = ids.clone()
            other[12:36] = torch.where(other[12:36] == 7, 8, 7)
            after = model.encoder.packed(other, places, borders)
        assert torch.equal(before[:12], after[:12])
        assert torch.equal(before[36:], after[36:])
        assert not torch.equal(before[12:36], after[12:36])
