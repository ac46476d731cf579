"""What every walk over a graph's nodes needs: when a value ends, sizes filled in, sizes checked, errors that name the node."""

import os
from collections.abc import Mapping, Sequence

from fairlead import dtypes
from fairlead.errors import FairleadError, TensorError
from fairlead.expression import Expression
from fairlead.model import Model, Node

Described = Sequence[tuple[dtypes.DType, tuple[int, ...]]]


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


def value_names(model: Model) -> frozenset[str]:
    """The values that nodes produce, which are those that can be tapped."""
    return frozenset(value.name for node in model.nodes for value in node.outputs)


def check_taps(tap: Sequence[str], known: frozenset[str]) -> None:
    """Raises TensorError for a name that no node produces."""
    for name in tap:
        if name not in known:
            raise TensorError(f"tap: {name}: the graph has no such value", "tap", code="UnknownTensor")


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


def shown(values: Described) -> str:
    """Dtypes and shapes for an error's text."""
    return ", ".join(f"{dtype.name}{list(size)}" for dtype, size in values)
