"""The loop over a graph's nodes."""

from collections.abc import Callable, Mapping, Sequence

import mlx.core as mx

from fairlead import dtypes
from fairlead.errors import CancelledError, FairleadError, UnsupportedOperationsError
from fairlead.model import Model, Node
from fairlead.replay import elementwise, fused, indexing, linear, reduction, shape, transform
from fairlead.replay.call import Call, Replay
from fairlead.walk import check_size, check_taps, filled, last_uses, node_error, shown, value_names

_TABLE: dict[str, Replay] = {
    name: replay
    for family in (elementwise, fused, indexing, linear, reduction, shape, transform)
    for name, replay in family.TABLE.items()
}
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
        self._last_uses = last_uses(model)
        self._values = value_names(model)

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
        check_taps(tap, self._values)
        pending: list[mx.array] = []

        def step(node: Node, results: Sequence[mx.array]) -> None:
            pending.extend(results)
            if len(pending) >= _EVALUATE_EVERY:
                _evaluate(pending, node.place)
                pending.clear()
            if cancelled():
                raise CancelledError(f"cancelled after {node.place} {node.op}")

        if cancelled():
            raise CancelledError("cancelled before the first node")
        values = self._walk(inputs, self._model.symbols(inputs, source), {*self._model.outputs.values(), *tap}, step)
        outputs = {name: values[value] for name, value in self._model.outputs.items()}
        outputs |= {name: values[name] for name in tap}
        _evaluate(list(outputs.values()), "outputs")
        return outputs

    def lazy(self, inputs: Mapping[str, mx.array]) -> dict[str, mx.array]:
        """The outputs without evaluation, for MLX's own transformations."""
        kept = set(self._model.outputs.values())
        values = self._walk(inputs, self._model.symbols(inputs), kept, None)
        return {name: values[value] for name, value in self._model.outputs.items()}

    def _walk(
        self,
        inputs: Mapping[str, mx.array],
        sizes: Mapping[str, int],
        kept: set[str],
        step: Callable[[Node, Sequence[mx.array]], None] | None,
    ) -> dict[str, mx.array]:
        values = {**self._model.constants, **inputs}
        for node, ending in zip(self._model.nodes, self._last_uses, strict=True):
            results = _apply(node, [values[name] for name in node.inputs], sizes, lazy=step is None)
            values.update((declared.name, array) for declared, array in zip(node.outputs, results, strict=True))
            for name in ending:
                if name not in kept:
                    del values[name]
            if step is not None:
                step(node, results)
        return values


def _apply(node: Node, inputs: Sequence[mx.array], sizes: Mapping[str, int], *, lazy: bool) -> list[mx.array]:
    shapes = [value.sizes(sizes) for value in node.outputs]
    for declared, size in zip(node.outputs, shapes, strict=True):
        check_size(node, declared.dtype.size, size)
    arguments = [filled(argument, sizes) for argument in node.arguments]
    call = Call(inputs, arguments, shapes, [value.dtype.mlx for value in node.outputs], lazy)
    try:
        result = _TABLE[node.op](call)
    except (ValueError, TypeError, IndexError, RuntimeError) as error:
        raise node_error(node, str(error)) from error
    results = list(result) if isinstance(result, list | tuple) else [result]
    found = [(dtypes.of(array), tuple(array.shape)) for array in results]
    wanted = [(value.dtype, size) for value, size in zip(node.outputs, shapes, strict=True)]
    if found != wanted:
        raise node_error(node, f"gives {shown(found)} where the graph declares {shown(wanted)}")
    return results


def _evaluate(arrays: list[mx.array], place: str) -> None:
    try:
        mx.eval(arrays)
    except (ValueError, RuntimeError, MemoryError) as error:
        raise FairleadError(f"graph.json: {place}: can't be computed: {error}", place, code="ExecutionFailed") from error
