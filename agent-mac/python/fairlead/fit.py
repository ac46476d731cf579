"""Finds the expression behind an integer that was seen at several sizes of the symbols."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import combinations_with_replacement

from fairlead.expression import Expression, Monomial, constant

_DIVISORS = range(2, 9)
_SPARE = 4  # traces beyond those that fix the coefficients; they verify

Sizes = Mapping[str, int]


def degree(symbols: int) -> int:
    """The highest total power that is looked for. Flattened attention scores (batch*sequence*sequence) have three."""
    return 3 if symbols <= 3 else 2


def sample_sizes(
    symbols: Sequence[str], avoid: frozenset[int], given: Mapping[str, Sequence[int]] | None = None
) -> list[dict[str, int]]:
    """Sizes to trace at: enough to fix every coefficient, with some to spare, all residues mixed.

    No size is 1 or one of `avoid` (a size equal to a fixed dimension can hide a broadcast), and none is used by two symbols.
    `given` names the sizes that a symbol may take, for models that don't work at any.
    """
    if not symbols:
        return [{}]
    count = len(_monomials(symbols)) + _SPARE
    free = (size for size in range(3, 10_000) if size not in avoid)
    own = [next(free) for _ in range(count)]
    samples: list[dict[str, int]] = []
    for index in range(count):
        sample = {}
        for position, symbol in enumerate(symbols):
            choices = (given or {}).get(symbol)
            if choices:
                sample[symbol] = choices[(index * (position + 1)) % len(choices)]
            else:
                # quadratic strides keep the points off every low-degree curve
                sample[symbol] = own[(index + position * (index * index + 3)) % count]
        samples.append(_apart(sample, own))
    return samples


def _apart(sample: dict[str, int], pool: Sequence[int]) -> dict[str, int]:
    seen: set[int] = set()
    for symbol, size in sample.items():
        if size in seen and size in pool:
            sample[symbol] = next(other for other in pool if other not in seen and other not in sample.values())
        seen.add(sample[symbol])
    return sample


class Fitter:
    """Fits integers seen at the given samples."""

    def __init__(self, symbols: Sequence[str], samples: Sequence[Sizes]) -> None:
        self._samples = samples
        self._monomials = _monomials(symbols)
        self._known: dict[tuple[int, ...], Expression | None] = {}
        self._rows = [[_product(monomial, sizes) for monomial in self._monomials] for sizes in samples]

    def fit(self, values: Sequence[int]) -> Expression | None:
        """The expression that gives `values[i]` at sample i for every i, or None where there is none."""
        key = tuple(values)
        if key not in self._known:
            self._known[key] = self._find(key)
        return self._known[key]

    def _find(self, values: tuple[int, ...]) -> Expression | None:
        if len(set(values)) == 1:
            return constant(values[0])
        exact = self._polynomial([Fraction(value) for value in values])
        if exact is not None:
            return exact
        return self._divided(values)

    def _polynomial(self, values: Sequence[Fraction]) -> Expression | None:
        solution = _solve(self._rows, values)
        if solution is None or any(coefficient.denominator != 1 for coefficient in solution):
            return None
        terms = sorted((m, int(c)) for m, c in zip(self._monomials, solution, strict=True) if c)
        return Expression(tuple(terms))

    def _divided(self, values: tuple[int, ...]) -> Expression | None:
        """Looks for (a*symbol + b)//d: what strides and pooling make of one dimension."""
        for symbol in sorted({symbol for monomial in self._monomials for symbol in monomial}):
            seen = [sizes[symbol] for sizes in self._samples]
            for divisor in _DIVISORS:
                for factor in range(1, divisor + 1):
                    low = max(divisor * v - factor * s for v, s in zip(values, seen, strict=True))
                    high = min(divisor * v + divisor - 1 - factor * s for v, s in zip(values, seen, strict=True))
                    # one offset alone must fit, else the samples don't tell it
                    if low == high:
                        terms = [((symbol,), factor)] + ([((), low)] if low else [])
                        return Expression(tuple(sorted(terms)), divisor)
        return None


def _monomials(symbols: Sequence[str]) -> list[Monomial]:
    ordered = sorted(symbols)
    return [monomial for power in range(degree(len(ordered)) + 1) for monomial in combinations_with_replacement(ordered, power)]


def _product(monomial: Monomial, sizes: Sizes) -> Fraction:
    result = Fraction(1)
    for symbol in monomial:
        result *= sizes[symbol]
    return result


def _solve(rows: Sequence[Sequence[Fraction]], values: Sequence[Fraction]) -> list[Fraction] | None:
    """Gauss over fractions; free unknowns are 0. None where the equations contradict each other."""
    table = [[*row, value] for row, value in zip(rows, values, strict=True)]
    width = len(rows[0])
    pivots: list[int] = []
    for column in range(width):
        rank = len(pivots)
        pivot = next((r for r in range(rank, len(table)) if table[r][column]), None)
        if pivot is None:
            continue
        table[rank], table[pivot] = table[pivot], table[rank]
        lead = table[rank][column]
        table[rank] = [entry / lead for entry in table[rank]]
        for other in range(len(table)):
            factor = table[other][column]
            if other != rank and factor:
                table[other] = [a - factor * b for a, b in zip(table[other], table[rank], strict=True)]
        pivots.append(column)
    if any(row[width] for row in table[len(pivots) :]):
        return None
    solution = [Fraction(0)] * width
    for rank, column in enumerate(pivots):
        solution[column] = table[rank][width]
    return solution
