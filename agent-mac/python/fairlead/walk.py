"""The walk over a graph's nodes, whatever computes them: when values end, sizes filled in, results checked, errors named."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import ModuleType
from typing import Generic, TypeVar

from fairlead import dtypes
from fairlead.errors import FairleadError, TensorError
from fairlead.expression import Expression
from fairlead.model import Model, Node

Array = TypeVar("Array")
Entry = TypeVar("Entry")
Described = Sequence[tuple[dtypes.DType, tuple[int, ...]]]


class Walk(Generic[Array]):
    """A model's nodes in order; what computes them is the caller's."""

    def __init__(self, model: Model) -> None:
        self._nodes = model.nodes
        self._last_uses = last_uses(model)
        self._made = frozenset(value.name for node in model.nodes for value in node.outputs)

    def check_taps(self, tap: Sequence[str]) -> None:
        """Raises TensorError for a name that no node produces."""
        for name in tap:
            if name not in self._made:
                raise TensorError(f"tap: {name}: the graph has no such value", "tap", code="UnknownTensor")

    def run(self, values: dict[str, Array], kept: set[str], step: Callable[[Node, list[Array]], Sequence[Array]]) -> None:
        """Adds every node's results to the values, and takes out what is not kept once nothing reads it any more."""
        for node, ending in zip(self._nodes, self._last_uses, strict=True):
            results = step(node, [values[name] for name in node.inputs])
            values.update((declared.name, array) for declared, array in zip(node.outputs, results, strict=True))
            for name in ending:
                if name not in kept:
                    del values[name]


def table(families: Iterable[ModuleType]) -> dict[str, Entry]:
    """What each primitive's name stands for, from the tables of the families."""
    return {name: entry for family in families for name, entry in family.TABLE.items()}


def results(
    node: Node,
    compute: Callable[[], Array | Sequence[Array]],
    failures: tuple[type[Exception], ...],
    described: Callable[[Array], tuple[object, tuple[int, ...]]],
    declared: Described,
    stored: Callable[[dtypes.DType], object] = lambda dtype: dtype,
) -> list[Array]:
    """A node's results as a list. Raises FairleadError naming the node where it fails or gives what is not declared.

    `stored` is the type that a declared one is computed in, `described` that type of a result and its shape.
    """
    try:
        result = compute()
    except failures as error:
        raise node_error(node, str(error)) from error
    listed = list(result) if isinstance(result, list | tuple) else [result]
    found = [described(array) for array in listed]
    if found != [(stored(dtype), size) for dtype, size in declared]:
        raise node_error(node, f"gives {_shown(found)} where the graph declares {_shown(declared)}")
    return listed


def last_uses(model: Model) -> list[list[str]]:
    """For each node, the values that nothing after it reads."""
    seen: set[str] = set()
    ends: list[list[str]] = []
    for node in reversed(model.nodes):
        names = {*node.inputs, *(value.name for value in node.outputs)} - seen
        seen |= names
        ends.append(sorted(names))
    ends.reverse()
    return ends


def filled(argument: object, sizes: Mapping[str, int]) -> object:
    """An argument with its sizes as numbers."""
    if isinstance(argument, Expression):
        return argument.evaluate(sizes)
    if isinstance(argument, list):
        return [filled(item, sizes) for item in argument]
    return argument


def check_size(node: Node, element_bytes: int, shape: Sequence[int]) -> None:
    """Raises FairleadError for an output with a negative size, or larger than this machine's memory."""
    total = element_bytes
    for extent in shape:
        if extent < 0:
            raise node_error(node, f"has the negative size {extent} for these inputs")
        total *= extent
    if total > _memory_bytes():
        raise FairleadError(
            f"graph.json: {node.place}: {node.op}: needs {total} bytes, more than this machine's memory",
            node.place,
            code="OutOfMemory",
        )


def _memory_bytes() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def node_error(node: Node, problem: str) -> FairleadError:
    """The error for a node that can't be computed as the graph has it."""
    return FairleadError(f"graph.json: {node.place}: {node.op}: {problem}", node.place, code="InvalidModel")


def _shown(values: Described) -> str:
    """Dtypes and shapes for an error's text."""
    return ", ".join(f"{dtype.name}{list(size)}" for dtype, size in values)
