"""The loop over a graph's nodes."""

from collections.abc import Callable, Mapping, Sequence

import mlx.core as mx

from fairlead import dtypes
from fairlead.errors import CancelledError, FairleadError, UnsupportedOperationsError
from fairlead.model import Model, Node
from fairlead.replay import elementwise, fused, indexing, linear, reduction, shape, transform
from fairlead.replay.call import Call, Replay
from fairlead.walk import Walk, check_size, filled, results, table

_TABLE: dict[str, Replay] = table((elementwise, fused, indexing, linear, reduction, shape, transform))
_FAILURES = (ValueError, TypeError, IndexError, RuntimeError)
_EVALUATE_EVERY = 16  # nodes: rarely enough for a GPU to stay busy, often enough for a cancel to be quick


def supported() -> frozenset[str]:
    """The names of all primitives that have a replay."""
    return frozenset(_TABLE)


class Replayer:
    """A model ready to run. Raises UnsupportedOperationsError, listing all of them, where primitives have no replay."""

    def __init__(self, model: Model) -> None:
        missing = sorted({node.op for node in model.nodes} - _TABLE.keys())
        if missing:
            raise UnsupportedOperationsError(f"graph.json: nodes: no replay for {', '.join(missing)}", "nodes")
        self._model = model
        self._walk = Walk[mx.array](model)

    def run(
        self,
        inputs: Mapping[str, mx.array],
        tap: Sequence[str] = (),
        cancelled: Callable[[], bool] = lambda: False,
        source: str = "inputs",
    ) -> dict[str, mx.array]:
        """The evaluated outputs by name, and each tapped value by its own.

        `source` names the inputs in errors. `cancelled` is asked between nodes. Raises TensorError for inputs that don't fit,
        CancelledError when asked to end, and FairleadError naming the node for one that fails or gives another dtype or shape
        than declared.
        """
        self._walk.check_taps(tap)
        sizes = self._model.symbols(inputs, source)
        pending: list[mx.array] = []

        def step(node: Node, arrays: list[mx.array]) -> list[mx.array]:
            made = _apply(node, arrays, sizes, lazy=False)
            pending.extend(made)
            if len(pending) >= _EVALUATE_EVERY:
                _evaluate(pending, node.place)
                pending.clear()
            if cancelled():
                raise CancelledError(f"cancelled after {node.place} {node.op}")
            return made

        if cancelled():
            raise CancelledError("cancelled before the first node")
        values = {**self._model.constants, **inputs}
        self._walk.run(values, {*self._model.outputs.values(), *tap}, step)
        outputs = {name: values[value] for name, value in self._model.outputs.items()}
        outputs |= {name: values[name] for name in tap}
        _evaluate(list(outputs.values()), "outputs")
        return outputs

    def lazy(self, inputs: Mapping[str, mx.array]) -> dict[str, mx.array]:
        """The outputs without evaluation, for MLX's own transformations."""
        sizes = self._model.symbols(inputs)
        values = {**self._model.constants, **inputs}
        kept = set(self._model.outputs.values())
        self._walk.run(values, kept, lambda node, arrays: _apply(node, arrays, sizes, lazy=True))
        return {name: values[value] for name, value in self._model.outputs.items()}


def _apply(node: Node, inputs: Sequence[mx.array], sizes: Mapping[str, int], *, lazy: bool) -> list[mx.array]:
    shapes = [value.sizes(sizes) for value in node.outputs]
    for declared, size in zip(node.outputs, shapes, strict=True):
        check_size(node, declared.dtype.size, size)
    arguments = [filled(argument, sizes) for argument in node.arguments]
    call = Call(inputs, arguments, shapes, [value.dtype.mlx for value in node.outputs], lazy)
    declared = [(value.dtype, size) for value, size in zip(node.outputs, shapes, strict=True)]
    return results(node, lambda: _TABLE[node.op](call), _FAILURES, lambda array: (dtypes.of(array), tuple(array.shape)), declared)


def _evaluate(arrays: list[mx.array], place: str) -> None:
    try:
        mx.eval(arrays)
    except (ValueError, RuntimeError, MemoryError) as error:
        raise FairleadError(f"graph.json: {place}: can't be computed: {error}", place, code="ExecutionFailed") from error
