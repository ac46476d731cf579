"""One trace of a function: what mx.export_function's callback says, with value names that don't depend on MLX's."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import mlx.core as mx

from fairlead import dtypes, source
from fairlead.errors import ExportError


@dataclass(frozen=True)
class Value:
    """A value's key in the trace, its shape and its dtype."""

    key: str
    shape: tuple[int, ...]
    dtype: dtypes.DType


@dataclass(frozen=True)
class Primitive:
    """One node, in topological order."""

    op: str
    inputs: tuple[str, ...]
    outputs: tuple[Value, ...]
    arguments: tuple[object, ...]


@dataclass
class Trace:
    """A whole graph. `constants` are arrays by key, in the callback's order."""

    inputs: list[Value] = field(default_factory=list)
    outputs: list[Value] = field(default_factory=list)
    constants: dict[str, mx.array] = field(default_factory=dict)
    nodes: list[Primitive] = field(default_factory=list)


def trace(function: Callable[..., Sequence[mx.array]], arguments: Sequence[mx.array]) -> Trace:
    """Traces `function` at the shapes of `arguments`.

    Raises ExportError where MLX can't export a primitive or the function fails on these shapes.
    """
    result = Trace()
    high, low = mx.random.state[0].tolist()
    try:
        mx.export_function(lambda event: _take(result, event), function, *arguments)
    except ExportError:
        raise
    except Exception as error:
        shapes = ", ".join(str(tuple(argument.shape)) for argument in arguments)
        line = source.user_line(error.__traceback__)
        place = f"{line}: " if line else ""
        raise ExportError(f"{place}the function can't be traced on inputs of shapes {shapes}: {error}", line) from error
    finally:
        # a function that draws leaves a tracer behind, which would spoil every later draw
        mx.random.seed(high << 32 | low)
    return result


def _take(result: Trace, event: dict) -> None:
    kind = event["type"]
    if kind == "inputs":
        result.inputs = [_value(entry) for entry in event["inputs"]]
    elif kind == "outputs":
        result.outputs = [_value(entry) for entry in event["outputs"]]
    elif kind == "constants":
        result.constants = dict(event["constants"])
    elif kind == "primitive":
        result.nodes.append(
            Primitive(
                event["name"],
                tuple(entry[0] for entry in event["inputs"]),
                tuple(_value(entry) for entry in event["outputs"]),
                tuple(event["arguments"]),
            )
        )


def _value(entry: tuple) -> Value:
    key, shape, dtype = entry
    return Value(key, tuple(shape), dtypes.from_mlx(dtype))
