"""Whole numbers in place of float32: nearly the same product, and the same one everywhere."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

torch = pytest.importorskip("torch")

from indexer import int8_linear  # noqa: E402
from indexer.int8_linear import Int8Linear, use_int8  # noqa: E402


def layer(inside: int = 64, outside: int = 48, *, bias: bool = True) -> "torch.nn.Linear":
    torch.manual_seed(3)
    return torch.nn.Linear(inside, outside, bias=bias).requires_grad_(False)


def tokens(count: int, inside: int = 64) -> "torch.Tensor":
    return torch.from_numpy(np.random.default_rng(count).standard_normal((count, inside), "f4"))


@pytest.mark.parametrize("bias", [True, False])
def test_the_product_is_that_of_float32_within_a_hundredth(bias: bool) -> None:
    exact = layer(bias=bias)
    given, expected = tokens(20), exact(tokens(20))
    error = torch.linalg.norm(Int8Linear(exact)(given) - expected) / torch.linalg.norm(expected)
    assert error < 0.01


def test_every_axis_but_the_last_is_kept() -> None:
    rows = tokens(6)
    coded = Int8Linear(layer())
    assert torch.equal(coded(rows.reshape(2, 3, 64)), coded(rows).reshape(2, 3, 48))


@given(st.integers(1, 40), st.data())
def test_a_row_does_not_depend_on_the_others(count: int, data: st.DataObject) -> None:
    rows, coded = tokens(count), Int8Linear(layer())
    place = data.draw(st.integers(0, count - 1))
    rows[:place] *= 1000
    assert torch.equal(coded(rows)[place], coded(rows[place : place + 1])[0])


def test_a_row_of_zeros_is_the_bias() -> None:
    exact = layer()
    assert torch.equal(Int8Linear(exact)(torch.zeros(1, 64))[0], exact.bias)


def test_a_processor_without_byte_products_gets_the_same_numbers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    coded, rows = Int8Linear(layer(1536, 384)), tokens(30, 1536)
    results = []
    for has in (True, False):
        monkeypatch.setattr(int8_linear, "has_byte_products", lambda has=has: has)
        results.append(coded(rows))
    assert torch.equal(*results)


def test_a_scale_of_weights_is_of_its_row_alone() -> None:
    exact = layer()
    before = Int8Linear(exact).weight.clone()
    exact.weight[0] *= 100
    assert torch.equal(Int8Linear(exact).weight[1:], before[1:])


def test_every_linear_layer_is_replaced_and_nothing_else() -> None:
    model = torch.nn.Sequential(layer(), torch.nn.Sequential(torch.nn.GELU(), layer(48, 8)))
    use_int8(model)
    kinds = [type(module).__name__ for module in model.modules()]
    assert kinds == ["Sequential", "Int8Linear", "Sequential", "GELU", "Int8Linear"]
