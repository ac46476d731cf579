"""Finds the module behind a function, and the paths of its parts."""

import inspect
from collections.abc import Callable, Mapping

import mlx.core as mx
import mlx.nn as nn

from fairlead.errors import ExportError

Weights = nn.Module | Mapping[str, mx.array] | None


def root_modules(function: Callable, weights: Weights) -> dict[str, nn.Module]:
    """The modules that the function computes with, by the prefix of their paths.

    `weights` names the module where it is one; else it's the function itself, the object that a method is bound to, or what
    a function closes over or has as defaults. A sole module has the empty prefix, several have their variables' names.
    """
    if isinstance(weights, nn.Module):
        return {"": weights}
    if isinstance(function, nn.Module):
        return {"": function}
    bound = getattr(function, "__self__", None)
    if isinstance(bound, nn.Module):
        return {"": bound}
    found = _closed_over(function)
    return {"": next(iter(found.values()))} if len(found) == 1 else found


def module_paths(roots: Mapping[str, nn.Module]) -> dict[int, str]:
    """The dotted path of each module by its id; the root's is empty."""
    paths: dict[int, str] = {}
    for prefix, root in sorted(roots.items()):
        for path, module in sorted(root.named_modules(), key=lambda item: (item[0].count("."), item[0])):
            paths.setdefault(id(module), ".".join(part for part in (prefix, path) if part))
    return paths


def named_parameters(roots: Mapping[str, nn.Module], weights: Weights) -> dict[str, mx.array]:
    """All arrays that the modules hold, private ones too, by dotted path; those of a `weights` mapping by their keys."""
    if weights is not None and not isinstance(weights, nn.Module):
        for name, array in weights.items():
            if not isinstance(array, mx.array):
                raise ExportError(f"weights: {name}: is no mx.array but {type(array).__name__}", "weights")
        return dict(weights)
    arrays: dict[str, mx.array] = {}
    for prefix, root in sorted(roots.items()):
        _collect(root, prefix, arrays)
    return arrays


def _collect(value: object, path: str, arrays: dict[str, mx.array]) -> None:
    if isinstance(value, mx.array):
        arrays[path] = value
    elif isinstance(value, Mapping):
        for name in value:
            _collect(value[name], f"{path}.{name}" if path else str(name), arrays)
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            _collect(item, f"{path}.{index}" if path else str(index), arrays)


def _closed_over(function: Callable) -> dict[str, nn.Module]:
    code = getattr(function, "__code__", None)
    if code is None:
        return {}
    variables = dict(zip(code.co_freevars, getattr(function, "__closure__", None) or (), strict=True))
    parameters = inspect.signature(function).parameters.values()
    found = {parameter.name: parameter.default for parameter in parameters}
    for name, cell in variables.items():
        try:
            found[name] = cell.cell_contents
        except ValueError:  # the cell is still empty
            continue
    for name in code.co_names:
        found.setdefault(name, function.__globals__.get(name))
    return {name: value for name, value in found.items() if isinstance(value, nn.Module)}
