"""Finds the expression behind an integer that was seen at several sizes of the symbols."""

import math
import random
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import combinations_with_replacement

from fairlead.errors import ExportError
from fairlead.expression import Expression, Monomial, constant

_DIVISORS = range(2, 9)
_SMALLEST = 11  # below it, slices and windows degenerate: MLX writes a slice of one element in its own way
_MOST_DRAWS = 500
_SPARE = 4  # traces beyond those that fix the coefficients; they verify

Sizes = Mapping[str, int]


def degree(symbols: int) -> int:
    """The highest total power that is looked for. Flattened attention scores (batch*sequence*sequence) have three."""
    return 3 if symbols <= 3 else 2


def sample_sizes(
    symbols: Sequence[str], avoid: frozenset[int], given: Mapping[str, Sequence[int]] | None = None
) -> list[dict[str, int]]:
    """Sizes to trace at: enough to fix every coefficient, with some to spare, all residues mixed.

    No size is small or one of `avoid` (a size equal to a fixed dimension can hide a broadcast), and no two symbols have the same
    at once. `given` names the sizes that a symbol may take, for models that don't work at any. Raises ExportError where those
    are too few to tell expressions apart.
    """
    if not symbols:
        return [{}]
    monomials = _monomials(symbols)
    count = len(monomials) + _SPARE
    free = (size for size in range(_SMALLEST, 10_000) if size not in avoid)
    own = [next(free) for _ in range(count)]
    pools = [sorted(set((given or {}).get(symbol) or own)) for symbol in symbols]
    # drawn, since any regular pattern of sizes may lie on a curve that hides a term; with a fixed seed, since exports repeat
    draw = random.Random(1)
    samples: dict[tuple[int, ...], dict[str, int]] = {}
    for _ in range(_MOST_DRAWS):
        drawn = tuple(draw.choice(pool) for pool in pools)
        if len(set(drawn)) == len(drawn):
            samples.setdefault(drawn, dict(zip(symbols, drawn, strict=True)))
        if len(samples) >= count and _rank(monomials, samples.values()) == len(monomials):
            return list(samples.values())
    raise ExportError(f"symbols: {', '.join(symbols)}: the sizes given are too few to tell expressions apart", "symbols")


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
        if solution is None:
            return None
        # sizes that a model takes only in multiples divide without a rest
        divisor = math.lcm(*(coefficient.denominator for coefficient in solution))
        terms = sorted((m, int(c * divisor)) for m, c in zip(self._monomials, solution, strict=True) if c)
        return Expression(tuple(terms), divisor)

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


def _rank(monomials: Sequence[Monomial], samples: Iterable[Sizes]) -> int:
    rows = [[_product(monomial, sizes) for monomial in monomials] for sizes in samples]
    return len(_reduced(rows, len(monomials))[1])


def _product(monomial: Monomial, sizes: Sizes) -> Fraction:
    result = Fraction(1)
    for symbol in monomial:
        result *= sizes[symbol]
    return result


def _solve(rows: Sequence[Sequence[Fraction]], values: Sequence[Fraction]) -> list[Fraction] | None:
    """The one solution of equations of full rank, or None where they contradict each other."""
    width = len(rows[0])
    table, _ = _reduced([[*row, value] for row, value in zip(rows, values, strict=True)], width)
    if any(row[width] for row in table[width:]):
        return None
    return [row[width] for row in table[:width]]


def _reduced(rows: Sequence[Sequence[Fraction]], width: int) -> tuple[list[list[Fraction]], list[int]]:
    """Gauss and Jordan over the first `width` columns: the reduced rows, and the columns with a pivot."""
    table = [list(row) for row in rows]
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
    return table, pivots
