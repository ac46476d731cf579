"""Sizes that depend on the inputs' sizes: a polynomial over symbols, or one floor-divided by a constant.

The grammar is that of docs/interchange.md: `2*batch*sequence+1`, `(sequence+1)//2`; no spaces.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

SYMBOL = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
RESERVED = frozenset({"inf", "nan"})
_TERM = re.compile(r"[+-]?[A-Za-z0-9_]+(?:\*[A-Za-z0-9_]+)*")
_DIVIDED = re.compile(r"\((?P<body>[^()]+)\)//(?P<divisor>[1-9][0-9]{0,17})")
_NUMBER = re.compile(r"[0-9]{1,18}")
_MAX_LENGTH = 1000

Monomial = tuple[str, ...]


@dataclass(frozen=True)
class Expression:
    """`terms` maps sorted symbols (a symbol stands as often as its power) to a coefficient other than 0."""

    terms: tuple[tuple[Monomial, int], ...]
    divisor: int = 1

    def evaluate(self, sizes: Mapping[str, int]) -> int:
        """The size where the symbols have these sizes."""
        total = 0
        for symbols, coefficient in self.terms:
            for symbol in symbols:
                coefficient *= sizes[symbol]
            total += coefficient
        return total // self.divisor

    @property
    def symbols(self) -> frozenset[str]:
        """All symbols that it uses."""
        return frozenset(symbol for symbols, _ in self.terms for symbol in symbols)

    def __str__(self) -> str:
        text = ""
        # highest powers first, the constant last: the order that people write
        for symbols, coefficient in sorted(self.terms, key=lambda term: (-len(term[0]), term[0])):
            sign = "-" if coefficient < 0 else "+" if text else ""
            factors = list(symbols)
            if abs(coefficient) != 1 or not factors:
                factors.insert(0, str(abs(coefficient)))
            text += sign + "*".join(factors)
        text = text or "0"
        return text if self.divisor == 1 else f"({text})//{self.divisor}"


def constant(value: int) -> Expression:
    """The expression that is always `value`."""
    return Expression((((), value),) if value else ())


def parse(text: str) -> Expression:
    """Reads an expression. Raises ValueError naming what is wrong."""
    if len(text) > _MAX_LENGTH:
        raise ValueError(f"an expression of {len(text)} characters")
    divided = _DIVIDED.fullmatch(text)
    body, divisor = (divided["body"], int(divided["divisor"])) if divided else (text, 1)
    terms: dict[Monomial, int] = {}
    position = 0
    while position < len(body):
        match = _TERM.match(body, position)
        if match is None or (position > 0 and match[0][0] not in "+-"):
            raise ValueError(f"{text!r} is no expression")
        symbols, coefficient = _term(text, match[0])
        terms[symbols] = terms.get(symbols, 0) + coefficient
        position = match.end()
    if not body:
        raise ValueError("an empty expression")
    return Expression(tuple(sorted((key, value) for key, value in terms.items() if value)), divisor)


def _term(text: str, term: str) -> tuple[Monomial, int]:
    coefficient = -1 if term[0] == "-" else 1
    symbols: list[str] = []
    for factor in term.lstrip("+-").split("*"):
        if _NUMBER.fullmatch(factor):
            coefficient *= int(factor)
        elif SYMBOL.fullmatch(factor):
            symbols.append(factor)
        else:
            raise ValueError(f"{text!r}: {factor!r} is neither a number nor a symbol")
    return tuple(sorted(symbols)), coefficient
