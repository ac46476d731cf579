"""Writes conformance cases: a function exported in our interchange, its inputs, and what MLX computes on them."""

import hashlib
import inspect
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path

import fairlead
import mlx.core as mx
import numpy as np
from fairlead import dtypes, tensors
from fairlead.errors import ExportError

from gpu_form import Marks


class Cases:
    """Cases below one folder, and their list `cases.json`. With `gpu`, graphs have the form that a GPU traces."""

    def __init__(self, folder: Path, *, gpu: bool = False) -> None:
        self._folder = folder
        self._gpu = gpu
        self._list: list[dict[str, str]] = []
        self._names: set[str] = set()

    def add(
        self,
        name: str,
        function: Callable[..., object],
        inputs: Mapping[str, mx.array],
        *,
        dims: Mapping[str, Sequence[str | int | None]] | None = None,
        weights: object = None,
        outputs: Sequence[str] | None = None,
        oracle: Callable[..., object] | None = None,
    ) -> None:
        """Exports `function` and computes it. What MLX itself can't export is listed with MLX's reason.

        `oracle` is the function to compute instead, where MLX can trace `function` on this machine but not compute it.
        """
        if name in self._names:
            raise ValueError(f"{name}: stands twice")
        self._names.add(name)
        folder = self._folder / name
        entry = {"case": name}
        marks = Marks()
        try:
            with marks.placed() if self._gpu else nullcontext():
                fairlead.export(function, inputs, folder, dims=dims, weights=weights, outputs=outputs)
        except ExportError as error:
            # a cause is an exception of MLX's; without one, our exporter itself refused
            entry["not_exportable" if error.__cause__ else "refused"] = str(error).replace("\n", " ")
        else:
            if self._gpu:
                marks.replace(folder)
            expected = _results(_called(oracle or function, inputs), outputs)
            mx.eval(list(expected.values()))
            tensors.save(folder / "inputs.safetensors", dict(inputs))
            tensors.save(folder / "expected.safetensors", expected)
        self._list.append(entry)

    def write(self, name: str, op: str, inputs: Sequence[mx.array], arguments: list, expected: mx.array) -> None:
        """A graph of one primitive that this machine's MLX does not trace."""
        folder = self._folder / name
        folder.mkdir(parents=True)
        values = [_declared(f"in{index}", array) for index, array in enumerate(inputs)]
        node = {"op": op, "inputs": [v["name"] for v in values], "outputs": [_declared("v0", expected)], "arguments": arguments}
        graph = {
            "format": "fairlead-graph",
            "version": 1,
            "framework": {"name": "mlx", "version": mx.__version__},
            "symbols": [],
            "inputs": values,
            "outputs": [{"name": "output", "value": "v0"}],
            "constants": [],
            "nodes": [node],
        }
        signature = {"inputs": values, "outputs": [_declared("output", expected)]}
        info = {"format": "mlx", "version": 1, "signature": signature, "produced_by": {"mlx": mx.__version__}}
        (folder / "graph.json").write_text(json.dumps(graph), encoding="utf-8")
        (folder / "model.json").write_text(json.dumps(info), encoding="utf-8")
        tensors.save(folder / "weights.safetensors", {})
        tensors.save(folder / "inputs.safetensors", {v["name"]: array for v, array in zip(values, inputs, strict=True)})
        tensors.save(folder / "expected.safetensors", {"output": expected})
        self._names.add(name)
        self._list.append({"case": name})

    def names(self) -> list[str]:
        """All cases so far."""
        return sorted(self._names)

    def close(self) -> None:
        """Writes the list."""
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / "cases.json").write_text(json.dumps({"cases": self._list}, indent=1) + "\n", encoding="utf-8")


def _declared(name: str, array: mx.array) -> dict[str, object]:
    return {"name": name, "dtype": dtypes.of(array).name, "shape": list(array.shape)}


def _called(function: Callable[..., object], inputs: Mapping[str, mx.array]) -> object:
    """By name where the function takes any, else in order: as the exporter calls it."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except ValueError:  # one of MLX's own
        parameters = ()
    if any(parameter.kind == parameter.VAR_KEYWORD for parameter in parameters):
        return function(**inputs)
    return function(*inputs.values())


def _results(result: object, names: Sequence[str] | None) -> dict[str, mx.array]:
    """The outputs under the names that the exporter gives them."""
    if isinstance(result, Mapping):
        return dict(result)
    if isinstance(result, list | tuple):
        values = list(result)
        return dict(zip(names or [f"output{i}" for i in range(len(values))], values, strict=True))
    return {(names or ["output"])[0]: result}


def generator(name: str) -> np.random.Generator:
    """A generator seeded by the case's name, so that a case keeps its numbers when others come and go."""
    return np.random.default_rng(int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "little"))


def normal(rng: np.random.Generator, *shape: int, dtype: mx.Dtype = mx.float32, scale: float = 1.0) -> mx.array:
    """Normal numbers."""
    return mx.array(rng.normal(0, scale, shape).astype(np.float32)).astype(dtype)


def uniform(rng: np.random.Generator, low: float, high: float, *shape: int, dtype: mx.Dtype = mx.float32) -> mx.array:
    """Uniform numbers."""
    return mx.array(rng.uniform(low, high, shape).astype(np.float32)).astype(dtype)


def integers(rng: np.random.Generator, low: int, high: int, *shape: int, dtype: mx.Dtype = mx.int32) -> mx.array:
    """Integers from low to high, high left out."""
    return mx.array(rng.integers(low, high, shape).astype(np.int64)).astype(dtype)


def booleans(rng: np.random.Generator, *shape: int) -> mx.array:
    """Coins."""
    return mx.array(rng.integers(0, 2, shape).astype(bool))


def main(make: Callable[[Cases], None], *, gpu: bool = False) -> None:
    """Runs a script: its only argument is the folder to fill."""
    if len(sys.argv) != 2:
        raise SystemExit(f"usage: {sys.argv[0]} FOLDER")
    cases = Cases(Path(sys.argv[1]), gpu=gpu)
    make(cases)
    cases.close()
