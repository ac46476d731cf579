"""Primitives that move, repeat or make elements, and compute none."""

import math

import numpy as np

from fairlead.reference import values
from fairlead.reference.call import Call, Function
from fairlead.reference.conversion import cast


def _reshape(call: Call) -> np.ndarray:
    return np.reshape(call.inputs[0], call.shapes[0])


def _broadcast(call: Call) -> np.ndarray:
    """To the declared shape; further inputs only lend their shapes."""
    return np.broadcast_to(call.inputs[0], call.shapes[0])


def _transpose(call: Call) -> np.ndarray:
    (axes,) = call.arguments
    return np.transpose(call.inputs[0], axes)


def _concatenate(call: Call) -> np.ndarray:
    (axis,) = call.arguments
    return np.concatenate(call.inputs, axis)


def _split(call: Call) -> list[np.ndarray]:
    """The parts before, between and after the given places."""
    places, axis = call.arguments
    return np.split(call.inputs[0], places, axis)


def _pad(call: Call) -> np.ndarray:
    axes, low, high = call.arguments
    array, value = call.inputs
    before, after = dict(zip(axes, low, strict=True)), dict(zip(axes, high, strict=True))
    widths = [(before.get(axis, 0), after.get(axis, 0)) for axis in range(array.ndim)]
    return np.pad(array, widths, constant_values=value)


def _as_strided(call: Call) -> np.ndarray:
    """The element at i0*s0 + i1*s1 + … + offset of the row-major array, for each place (i0, i1, …)."""
    shape, strides, offset = call.arguments
    flat = call.inputs[0].reshape(-1)
    places = np.array(offset, dtype=np.int64)
    for extent, stride in zip(shape, strides, strict=True):
        places = places[..., None] + np.arange(extent) * stride
    if places.size and (places.min() < 0 or places.max() >= flat.size):
        raise ValueError(f"strides reach from {places.min()} to {places.max()} in {flat.size} elements")
    return flat[places]


def _arange(call: Call) -> np.ndarray:
    """start + i*step, the step being what lies between the first two elements in the declared type, as MLX takes it."""
    start, _, step = call.arguments
    (size,) = call.shapes[0]
    dtype = call.dtypes[0]
    first, second = (_rounded(np.array(float(bound)), call) for bound in (start, start + step))
    return (first + np.arange(size, dtype=values.computed(dtype)) * (second - first)).astype(values.computed(dtype))


def _rounded(value: np.ndarray, call: Call) -> np.ndarray:
    dtype = call.dtypes[0]
    return values.widened(values.narrowed(value, dtype), dtype) if values.is_float(dtype) else cast(value, dtype)


def _number_of_elements(call: Call) -> np.ndarray:
    """The product of the sizes of some axes, or one over it."""
    axes, inverted, _ = call.arguments
    count = float(math.prod(call.inputs[0].shape[axis] for axis in axes))
    return cast(np.array(1 / count if inverted else count), call.dtypes[0])


TABLE: dict[str, Function] = {
    "Arange": _arange,
    "AsStrided": _as_strided,
    "Broadcast": _broadcast,
    "BroadcastAxes": _broadcast,
    "Concatenate": _concatenate,
    "ExpandDims": _reshape,
    "Flatten": _reshape,
    "Full": _broadcast,
    "NumberOfElements": _number_of_elements,
    "Pad": _pad,
    "Reshape": _reshape,
    "Split": _split,
    "Squeeze": _reshape,
    "Transpose": _transpose,
    "Unflatten": _reshape,
}
