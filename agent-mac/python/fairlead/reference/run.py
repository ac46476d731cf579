"""The loop over a graph's nodes."""

from collections.abc import Callable, Mapping, Sequence

import mlx.core as mx
import numpy as np

from fairlead.dtypes import DType
from fairlead.dtypes import of as dtype_of
from fairlead.errors import CancelledError, UnsupportedOperationsError
from fairlead.model import Model, Node
from fairlead.reference import (
    arithmetic,
    attention,
    conversion,
    convolution,
    decomposition,
    elementary,
    fourier,
    hadamard,
    indexing,
    logic,
    normalisation,
    order,
    product,
    quantised,
    random,
    reduction,
    shape,
    slicing,
    values,
)
from fairlead.reference.call import Call, Function, Refusal
from fairlead.walk import check_size, check_taps, filled, last_uses, node_error, shown, value_names

_FAMILIES = (
    arithmetic,
    attention,
    conversion,
    convolution,
    decomposition,
    elementary,
    fourier,
    hadamard,
    indexing,
    logic,
    normalisation,
    order,
    product,
    quantised,
    random,
    reduction,
    shape,
    slicing,
)
_TABLE: dict[str, Function] = {name: function for family in _FAMILIES for name, function in family.TABLE.items()}


_REFUSALS: dict[str, Refusal] = {**attention.REFUSALS, **quantised.REFUSALS, **random.REFUSALS}


def supported() -> frozenset[str]:
    """The names of all primitives that have a reference."""
    return frozenset(_TABLE)


class Reference:
    """A model ready to run. Raises UnsupportedOperationsError, listing all of them, where primitives have no reference."""

    def __init__(self, model: Model) -> None:
        missing = sorted({_missing(node) for node in model.nodes} - {""})
        if missing:
            raise UnsupportedOperationsError(f"graph.json: nodes: no reference for {', '.join(missing)}", "nodes")
        self._model = model
        self._last_uses = last_uses(model)
        self._values = value_names(model)

    def run(
        self,
        inputs: Mapping[str, mx.array],
        tap: Sequence[str] = (),
        cancelled: Callable[[], bool] = lambda: False,
        source: str = "inputs",
    ) -> dict[str, np.ndarray]:
        """The outputs by name, and each tapped value by its own, in the types of `fairlead.reference.values`.

        `source` names the inputs in errors. `cancelled` is asked between nodes. Raises TensorError for inputs that don't fit,
        CancelledError when asked to end, and FairleadError naming the node for one that fails or gives another dtype or shape
        than declared.
        """
        check_taps(tap, self._values)
        sizes = self._model.symbols(inputs, source)
        kept = {*self._model.outputs.values(), *tap}
        given = {**self._model.constants, **inputs}
        dtypes = {name: dtype_of(array) for name, array in given.items()}
        computed: dict[str, np.ndarray] = {}
        for node, ending in zip(self._model.nodes, self._last_uses, strict=True):
            if cancelled():
                raise CancelledError(f"cancelled before {node.place} {node.op}")
            # a constant is widened where it is used, so that only one at a time takes up float64's room
            arrays = [computed[name] if name in computed else values.of_mlx(given[name]) for name in node.inputs]
            results = _apply(node, arrays, [dtypes[name] for name in node.inputs], sizes)
            for declared, array in zip(node.outputs, results, strict=True):
                computed[declared.name], dtypes[declared.name] = array, declared.dtype
            for name in ending:
                if name not in kept:
                    computed.pop(name, None)
        wanted = {**self._model.outputs, **{name: name for name in tap}}
        return {name: computed[key] if key in computed else values.of_mlx(given[key]) for name, key in wanted.items()}


def _missing(node: Node) -> str:
    """The primitive, with the reason where only this use of it has no reference; empty where it has one."""
    if node.op not in _TABLE:
        return node.op
    try:
        reason = _REFUSALS[node.op](len(node.inputs), node.arguments) if node.op in _REFUSALS else None
    except IndexError as error:
        raise node_error(node, "has too few arguments") from error
    return f"{node.op} ({reason})" if reason else ""


def _apply(node: Node, inputs: Sequence[np.ndarray], dtypes: Sequence[DType], sizes: Mapping[str, int]) -> list[np.ndarray]:
    shapes = [value.sizes(sizes) for value in node.outputs]
    for declared, size in zip(node.outputs, shapes, strict=True):
        check_size(node, values.computed(declared.dtype).itemsize, size)
    arguments = [filled(argument, sizes) for argument in node.arguments]
    call = Call(inputs, dtypes, arguments, shapes, [value.dtype for value in node.outputs])
    try:
        # what overflows, divides by zero or is not a number is a value here, as it is for MLX
        with np.errstate(all="ignore"):
            result = _TABLE[node.op](call)
    except (ValueError, TypeError, IndexError, ArithmeticError, MemoryError, np.linalg.LinAlgError) as error:
        raise node_error(node, str(error)) from error
    results = [np.asarray(array) for array in (result if isinstance(result, list | tuple) else [result])]
    found = [(array.dtype, array.shape) for array in results]
    wanted = [(values.computed(value.dtype), size) for value, size in zip(node.outputs, shapes, strict=True)]
    if found != wanted:
        declared = [(value.dtype, size) for value, size in zip(node.outputs, shapes, strict=True)]
        gives = ", ".join(f"{dtype.name}{list(size)}" for dtype, size in found)
        raise node_error(node, f"gives {gives} where the graph declares {shown(declared)}")
    return results
