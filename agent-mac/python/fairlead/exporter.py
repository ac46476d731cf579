"""Writes an MLX function as the model folder of docs/interchange.md."""

import inspect
import json
import os
import platform
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import mlx.core as mx

from fairlead import device, dtypes, expression, tensors
from fairlead.constants import ConstantNames, evaluated
from fairlead.errors import ExportError
from fairlead.fit import Fitter, sample_sizes
from fairlead.generalise import Generaliser
from fairlead.modules import Weights, module_paths, named_parameters, root_modules
from fairlead.origin import Origin, find_origins
from fairlead.trace import trace
from fairlead.version import VERSION

Dim = str | int | None


def export(
    function: Callable[..., object],
    example_inputs: Mapping[str, mx.array],
    folder: str | os.PathLike[str],
    *,
    dims: Mapping[str, Sequence[Dim]] | None = None,
    symbols: Mapping[str, Sequence[int]] | None = None,
    outputs: Sequence[str] | None = None,
    weights: Weights = None,
) -> Path:
    """Traces `function` and writes model.json, graph.json and weights.safetensors into `folder`, which it makes.

    `example_inputs` give each input's name, dtype and fixed sizes; the function takes them by these names, or in this order where
    it has no such parameters. `dims` names the sizes that may change: `{"ids": ("batch", "sequence")}`; an int or None stands
    for the example's own size. The function is traced at several sizes of each symbol; `symbols` lists those to use for a
    symbol, where not any size works. The function returns an array, a sequence of arrays or a dict of them; `outputs` names
    those of an array or sequence (default `output`, or `output0`, `output1`, …). `weights` is the module, or a mapping, that
    names the captured constants; by default the module is found by itself.

    Equal input gives equal bytes. Raises ExportError, naming the node and the argument, for what can't be traced or has no
    expression in the symbols.
    """
    shapes = _input_shapes(example_inputs, dims or {})
    order = list(dict.fromkeys(size for shape in shapes.values() for size in shape if isinstance(size, str)))
    for name in symbols or {}:
        if name not in order:
            raise ExportError(f"symbols: {name}: no input has this dimension", "symbols")
    roots = root_modules(function, weights)
    parameters = evaluated(named_parameters(roots, weights))
    fixed = {size for array in (*parameters.values(), *example_inputs.values()) for size in array.shape}
    samples = sample_sizes(order, frozenset(fixed), symbols)
    call = _Call(function, list(example_inputs), outputs)

    def arguments(sizes: Mapping[str, int]) -> list[mx.array]:
        return [
            mx.zeros([sizes[size] if isinstance(size, str) else size for size in shape], dtype=example_inputs[name].dtype)
            for name, shape in shapes.items()
        ]

    traces = [trace(call, arguments(sizes)) for sizes in samples]
    names = ConstantNames(parameters, shapes)
    origins = find_origins(traces[0], call, arguments(samples[0]), module_paths(roots), names, list(parameters.values()))
    fitted = Generaliser(traces, Fitter(order, samples), names, list(shapes), origins)
    graph = _graph(fitted, order, call.output_names, origins)
    model = {
        "format": "mlx",
        "version": 1,
        "signature": {"inputs": graph["inputs"], "outputs": fitted.output_signature(call.output_names)},
        "produced_by": {"mlx": mx.__version__, "python": platform.python_version(), "fairlead": VERSION},
        "device": device.name(),
        "stand_in": device.is_stand_in(),
    }
    return _write(Path(folder), model, graph, fitted.constants)


class _Call:
    """The function with positional inputs and a list of outputs, whose names it learns when it runs."""

    def __init__(self, function: Callable[..., object], inputs: Sequence[str], outputs: Sequence[str] | None) -> None:
        self._function = function
        self._inputs = inputs
        self._by_name = _takes_names(function, inputs)
        self._given = outputs
        self.output_names: list[str] = []

    def __call__(self, *arrays: mx.array) -> list[mx.array]:
        if self._by_name:
            result = self._function(**dict(zip(self._inputs, arrays, strict=True)))
        else:
            result = self._function(*arrays)
        names, values = self._named(result)
        for name, value in zip(names, values, strict=True):
            if not isinstance(value, mx.array):
                raise ExportError(f"output {name}: is no mx.array but {type(value).__name__}", "outputs")
        self.output_names = names
        return values

    def _named(self, result: object) -> tuple[list[str], list]:
        if isinstance(result, Mapping):
            return [str(name) for name in result], list(result.values())
        if isinstance(result, list | tuple):
            default, values = [f"output{index}" for index in range(len(result))], list(result)
        else:
            default, values = ["output"], [result]
        names = default if self._given is None else list(self._given)
        if len(names) != len(values) or len(set(names)) != len(names):
            raise ExportError(f"outputs: {len(values)} different names are needed, not {names}", "outputs")
        return names, values


def _takes_names(function: Callable[..., object], names: Sequence[str]) -> bool:
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return False
    if any(parameter.kind == parameter.VAR_KEYWORD for parameter in parameters):
        return True
    keyword = {p.name for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)}
    return keyword.issuperset(names)


def _input_shapes(examples: Mapping[str, mx.array], dims: Mapping[str, Sequence[Dim]]) -> dict[str, list[str | int]]:
    for name in dims:
        if name not in examples:
            raise ExportError(f"dims: {name}: is no input", "dims")
    shapes: dict[str, list[str | int]] = {}
    for name, example in examples.items():
        if not isinstance(example, mx.array):
            raise ExportError(f"input {name}: is no mx.array but {type(example).__name__}", name)
        declared = list(dims.get(name, example.shape))
        if len(declared) != example.ndim:
            raise ExportError(f"dims: {name}: has {len(declared)} dimensions, its example {example.ndim}", "dims")
        shapes[name] = [_size(name, size, own) for size, own in zip(declared, example.shape, strict=True)]
    return shapes


def _size(name: str, declared: Dim, own: int) -> str | int:
    if isinstance(declared, str):
        if not expression.SYMBOL.fullmatch(declared) or declared in expression.RESERVED:
            raise ExportError(f"dims: {name}: {declared!r} can't name a dimension", "dims")
        return declared
    if declared is not None and declared != own:
        raise ExportError(f"dims: {name}: says {declared} where its example has {own}", "dims")
    return own


def _graph(
    fitted: Generaliser, symbols: Sequence[str], outputs: Sequence[str], origins: Sequence[Origin | None]
) -> dict[str, object]:
    return {
        "format": "fairlead-graph",
        "version": 1,
        "framework": {"name": "mlx", "version": mx.__version__},
        "symbols": list(symbols),
        "inputs": fitted.inputs(),
        "outputs": [{"name": name, "value": value} for name, value in zip(outputs, fitted.output_values(), strict=True)],
        "constants": [
            {"name": name, "dtype": dtypes.of(array).name, "shape": list(array.shape)} for name, array in fitted.constants.items()
        ],
        "nodes": [fitted.node(index) | {"origin": origin.as_json() if origin else {}} for index, origin in enumerate(origins)],
    }


def _write(folder: Path, model: dict, graph: dict, constants: Mapping[str, mx.array]) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tensors.save(folder / "weights.safetensors", constants)
        (folder / "graph.json").write_text(_lines(graph), encoding="utf-8")
        (folder / "model.json").write_text(json.dumps(model, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise ExportError(f"{folder}: {error.strerror}", "folder") from error
    return folder


def _lines(graph: Mapping[str, object]) -> str:
    """JSON with an entry a line, for people to read and compare."""
    parts = []
    for key, value in graph.items():
        text = json.dumps(value, allow_nan=False)
        if isinstance(value, list) and value and isinstance(value[0], dict):
            entries = ",\n    ".join(json.dumps(entry, allow_nan=False) for entry in value)
            text = f"[\n    {entries}\n  ]"
        parts.append(f"  {json.dumps(key)}: {text}")
    return "{\n" + ",\n".join(parts) + "\n}\n"
