"""Runs a function in MLX and its trace in the reference, and compares the two."""

import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import mlx.core as mx
import numpy as np

import fairlead
from fairlead import dtypes, model, tensors
from fairlead.reference import Reference
from fairlead.reference.values import computed, of_mlx

SEEN: set[str] = set()  # all primitives that some test has run


def generator(*shape: int, seed: int = 0) -> np.random.Generator:
    """Draws that depend on nothing but these numbers."""
    return np.random.default_rng([seed, *shape])


def real(*shape: int, seed: int = 0, dtype: mx.Dtype = mx.float32) -> mx.array:
    """Normal numbers."""
    return mx.array(generator(*shape, seed=seed).normal(size=shape).astype(np.float32)).astype(dtype)


def fractions(*shape: int) -> mx.array:
    """Numbers between 0 and 1, not close to either."""
    return mx.array(generator(*shape).uniform(0.05, 0.95, shape).astype(np.float32))


def complexes(*shape: int) -> mx.array:
    """Complex numbers with normal parts."""
    draw = generator(*shape)
    return mx.array((draw.normal(size=shape) + 1j * draw.normal(size=shape)).astype(np.complex64))


def whole(*shape: int, low: int = -20, high: int = 20, seed: int = 0, dtype: mx.Dtype = mx.int32) -> mx.array:
    """Integers from `low` up to and without `high`."""
    return mx.array(generator(*shape, seed=seed).integers(low, high, shape)).astype(dtype)


def bits(*shape: int) -> mx.array:
    """Truth values."""
    return mx.array(generator(*shape).integers(0, 2, shape)).astype(mx.bool_)


def reference_of(function: Callable, inputs: Mapping[str, mx.array], **options: object) -> tuple[model.Model, Reference]:
    """The function exported, read again and ready to run."""
    with tempfile.TemporaryDirectory() as folder:
        fairlead.export(function, inputs, folder, **options)
        loaded = model.load(Path(folder))
    SEEN.update(node.op for node in loaded.nodes)
    return loaded, Reference(loaded)


def outputs_of(function: Callable, *arrays: mx.array) -> list[np.ndarray]:
    """The reference's outputs for a function of arrays, in order."""
    names = {f"in{index}": array for index, array in enumerate(arrays)}

    def listed(*given: mx.array) -> list[mx.array]:
        made = function(*given)
        return list(made) if isinstance(made, list | tuple) else [made]

    _, reference = reference_of(listed, names)
    return list(reference.run(names).values())


def check(function: Callable, *arrays: mx.array, tolerance: float = 1e-5) -> None:
    """Compares with MLX on the same arrays: integers and booleans exactly, floats to float32's accuracy."""
    found = outputs_of(function, *arrays)
    made = function(*arrays)
    wanted = list(made) if isinstance(made, list | tuple) else [made]
    assert len(found) == len(wanted)
    for one, other in zip(found, wanted, strict=True):
        compare(one, other, tolerance)


def compare(found: np.ndarray, wanted: mx.array, tolerance: float = 1e-5) -> None:
    """One output against MLX's: the same NaN and infinities, else a difference small beside the largest element."""
    assert found.dtype == computed(dtypes.of(wanted)) and found.shape == tuple(wanted.shape)
    exact = of_mlx(wanted)
    if found.dtype.kind in "iub":
        assert np.array_equal(found, exact)
        return
    assert np.array_equal(np.isnan(found), np.isnan(exact))
    finite = np.isfinite(exact)
    assert np.array_equal(found[~finite & ~np.isnan(exact)], exact[~finite & ~np.isnan(exact)])
    if finite.any():
        largest = max(np.max(np.abs(exact[finite])), 1e-30)
        worst = np.max(np.abs(found[finite] - exact[finite])) / largest
        assert worst <= tolerance, f"differs by {worst:.3g} of the largest element"


def single(
    op: str, inputs: Sequence[mx.array], arguments: Sequence, outputs: Sequence[tuple[str, Sequence[int]]]
) -> list[np.ndarray]:
    """The reference's outputs for a graph of one primitive, written by hand."""
    names = [f"in{index}" for index in range(len(inputs))]
    given = [{"name": n, "dtype": dtypes.of(a).name, "shape": list(a.shape)} for n, a in zip(names, inputs, strict=True)]
    values = [{"name": f"v{index}", "dtype": dtype, "shape": list(size)} for index, (dtype, size) in enumerate(outputs)]
    graph = {
        "format": "fairlead-graph",
        "version": 1,
        "symbols": [],
        "inputs": given,
        "outputs": [{"name": f"out{index}", "value": f"v{index}"} for index in range(len(outputs))],
        "constants": [],
        "nodes": [{"op": op, "inputs": names, "outputs": values, "arguments": list(arguments)}],
    }
    results = [value | {"name": f"out{index}"} for index, value in enumerate(values)]
    about = {"format": "mlx", "version": 1, "signature": {"inputs": given, "outputs": results}}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "graph.json").write_text(json.dumps(graph))
        (folder / "model.json").write_text(json.dumps(about))
        tensors.save(folder / "weights.safetensors", {})
        loaded = model.load(folder)
    SEEN.add(op)
    return list(Reference(loaded).run(dict(zip(names, inputs, strict=True))).values())
