"""Primitives that read and write rectangular parts of an array."""

from collections.abc import Sequence

import numpy as np

from fairlead.reference.arithmetic import maximum, minimum
from fairlead.reference.call import Call, Function

# the operations of SliceUpdate, in the order of MLX's enumeration; the last writes
_COMBINED = (maximum, minimum, np.add, np.multiply, lambda old, new: new)


def _part(start: Sequence[int], end: Sequence[int], stride: Sequence[int]) -> tuple[slice, ...]:
    """Bounds below 0 count from the end, so an end before the first element is below minus the size: Python's rule."""
    return tuple(slice(*bounds) for bounds in zip(start, end, stride, strict=True))


def _slice(call: Call) -> np.ndarray:
    return call.inputs[0][_part(*call.arguments)]


def _slice_update(call: Call) -> np.ndarray:
    operation, *bounds = call.arguments
    array, update = call.inputs
    return _written(array, _part(*bounds), update, operation)


def _written(array: np.ndarray, part: tuple[slice, ...], update: np.ndarray, operation: int) -> np.ndarray:
    result = array.copy()
    result[part] = _COMBINED[operation](result[part], update)
    return result


def _moving(axes: Sequence[int], start: np.ndarray, sizes: Sequence[int], array: np.ndarray) -> tuple[slice, ...]:
    """The part of these sizes that begins at `start` along `axes`, and at 0 along the others."""
    begin = [0] * array.ndim
    for axis, first in zip(axes, start.reshape(-1).tolist(), strict=True):
        begin[axis] = first
    for axis, (first, size) in enumerate(zip(begin, sizes, strict=True)):
        if first < 0 or first + size > array.shape[axis]:
            raise ValueError(f"{size} elements from {first} leave axis {axis}, which has {array.shape[axis]}")
    return tuple(slice(first, first + size) for first, size in zip(begin, sizes, strict=True))


def _dynamic_slice(call: Call) -> np.ndarray:
    axes, sizes = call.arguments
    array, start = call.inputs
    return array[_moving(axes, start, sizes, array)]


def _dynamic_slice_update(call: Call) -> np.ndarray:
    (axes,) = call.arguments
    array, update, start = call.inputs
    return _written(array, _moving(axes, start, update.shape, array), update, len(_COMBINED) - 1)


TABLE: dict[str, Function] = {
    "DynamicSlice": _dynamic_slice,
    "DynamicSliceUpdate": _dynamic_slice_update,
    "Slice": _slice,
    "SliceUpdate": _slice_update,
}
