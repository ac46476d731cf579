"""Writes conformance cases: a function exported in our interchange, its inputs, and what MLX computes on them."""

import hashlib
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import mlx.core as mx
import numpy as np

import fairlead
from fairlead import tensors
from fairlead.errors import ExportError


class Cases:
    """Cases below one folder, and their list `cases.json`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
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
    ) -> None:
        """Exports `function` and computes it. What MLX itself can't export is listed with MLX's reason."""
        if name in self._names:
            raise ValueError(f"{name}: stands twice")
        self._names.add(name)
        folder = self._folder / name
        entry = {"case": name}
        try:
            fairlead.export(function, inputs, folder, dims=dims, weights=weights, outputs=outputs)
        except ExportError as error:
            # a cause is an exception of MLX's; without one, our exporter itself refused
            entry["not_exportable" if error.__cause__ else "refused"] = str(error).replace("\n", " ")
        else:
            expected = _results(function(*inputs.values()), outputs)
            mx.eval(list(expected.values()))
            tensors.save(folder / "inputs.safetensors", dict(inputs))
            tensors.save(folder / "expected.safetensors", expected)
        self._list.append(entry)

    def names(self) -> list[str]:
        """All cases so far."""
        return sorted(self._names)

    def close(self) -> None:
        """Writes the list."""
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / "cases.json").write_text(json.dumps({"cases": self._list}, indent=1) + "\n", encoding="utf-8")


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


def main(make: Callable[[Cases], None]) -> None:
    """Runs a script: its only argument is the folder to fill."""
    if len(sys.argv) != 2:
        raise SystemExit(f"usage: {sys.argv[0]} FOLDER")
    cases = Cases(Path(sys.argv[1]))
    make(cases)
    cases.close()
