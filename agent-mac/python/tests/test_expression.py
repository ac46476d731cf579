"""Expressions, and the fit that finds them."""

import pytest

from fairlead import expression
from fairlead.errors import ExportError
from fairlead.fit import Fitter, sample_sizes

SIZES = {"batch": 5, "sequence": 7}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("batch", 5),
        ("2*batch*sequence+1", 71),
        ("batch*batch-sequence", 18),
        ("(sequence+1)//2", 4),
        ("(sequence-9)//2", -1),
        ("-3", -3),
    ],
)
def test_parses_and_evaluates(text: str, value: int) -> None:
    assert expression.parse(text).evaluate(SIZES) == value


@pytest.mark.parametrize("text", ["", "batch+", "2**batch", "batch sequence", "(batch)//0", "(batch", "batch//2", "1.5", "a*-b"])
def test_refuses_what_is_no_expression(text: str) -> None:
    with pytest.raises(ValueError):
        expression.parse(text)


@pytest.mark.parametrize(
    "text", ["2*batch*sequence+1", "batch*sequence*sequence", "sequence-1", "(3*sequence-2)//4", "-batch+8", "0"]
)
def test_prints_what_it_parses(text: str) -> None:
    assert str(expression.parse(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "batch",
        "7",
        "2*batch*sequence+1",
        "batch*sequence*sequence",
        "sequence-1",
        "(sequence)//2",
        "(sequence+1)//2",
        "(3*batch-2)//4",
    ],
)
def test_fit_finds_the_expression_behind_values(text: str) -> None:
    wanted = expression.parse(text)
    samples = sample_sizes(["batch", "sequence"], frozenset({4, 8}))
    found = Fitter(["batch", "sequence"], samples).fit([wanted.evaluate(sizes) for sizes in samples])
    assert found is not None and str(found) == text


def test_fit_finds_nothing_behind_what_is_no_polynomial() -> None:
    samples = sample_sizes(["batch"], frozenset())
    assert Fitter(["batch"], samples).fit([2 ** sizes["batch"] for sizes in samples]) is None


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_samples_differ_in_every_symbol_and_avoid_fixed_sizes(count: int) -> None:
    symbols = ["a", "b", "c", "d"][:count]
    for sizes in sample_sizes(symbols, frozenset({3, 5, 8})):
        assert len(set(sizes.values())) == count
        assert not set(sizes.values()) & {1, 3, 5, 8}


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_samples_tell_every_monomial_apart(count: int) -> None:
    symbols = ["a", "b", "c", "d"][:count]
    samples = sample_sizes(symbols, frozenset())
    fitter = Fitter(symbols, samples)
    for text in ("+".join(symbols), "*".join(symbols[:2]), symbols[-1] + "*" + symbols[0] + "-3"):
        wanted = expression.parse(text)
        assert fitter.fit([wanted.evaluate(sizes) for sizes in samples]) == wanted


def test_keeps_to_the_sizes_given() -> None:
    samples = sample_sizes(["batch", "height"], frozenset(), {"height": (8, 16, 24, 32, 40, 48)})
    assert {sizes["height"] for sizes in samples} <= {8, 16, 24, 32, 40, 48}


def test_refuses_too_few_sizes_to_tell_expressions_apart() -> None:
    with pytest.raises(ExportError, match="symbols: height: the sizes given are too few"):
        sample_sizes(["height"], frozenset(), {"height": (8, 16)})
