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
from fairlead.walk import Walk, check_size, filled, node_error, results, table

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
_TABLE: dict[str, Function] = table(_FAMILIES)
_FAILURES = (ValueError, TypeError, IndexError, ArithmeticError, MemoryError, np.linalg.LinAlgError)
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
        self._walk = Walk[np.ndarray | mx.array](model)

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
        self._walk.check_taps(tap)
        sizes = self._model.symbols(inputs, source)
        given = {**self._model.constants, **inputs}
        dtypes = {name: dtype_of(array) for name, array in given.items()}

        def step(node: Node, arrays: list[np.ndarray | mx.array]) -> list[np.ndarray]:
            if cancelled():
                raise CancelledError(f"cancelled before {node.place} {node.op}")
            made = _apply(node, [_wide(array) for array in arrays], [dtypes[name] for name in node.inputs], sizes)
            dtypes.update((declared.name, declared.dtype) for declared in node.outputs)
            return made

        computed: dict[str, np.ndarray | mx.array] = dict(given)
        self._walk.run(computed, {*self._model.outputs.values(), *tap}, step)
        wanted = {**self._model.outputs, **{name: name for name in tap}}
        return {name: _wide(computed[key]) for name, key in wanted.items()}


def _wide(array: np.ndarray | mx.array) -> np.ndarray:
    """A constant is widened where it is used, so that only one at a time takes up float64's room."""
    return values.of_mlx(array) if isinstance(array, mx.array) else array


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
    declared = [(value.dtype, size) for value, size in zip(node.outputs, shapes, strict=True)]
    return results(
        node, lambda: _computed(node, call), _FAILURES, lambda array: (array.dtype, array.shape), declared, values.computed
    )


def _computed(node: Node, call: Call) -> list[np.ndarray]:
    # what overflows, divides by zero or is not a number is a value here, as it is for MLX
    with np.errstate(all="ignore"):
        result = _TABLE[node.op](call)
    return [np.asarray(array) for array in (result if isinstance(result, list | tuple) else [result])]
