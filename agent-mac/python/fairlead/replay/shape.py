"""Primitives that move, repeat or make elements, and compute none."""

from collections.abc import Sequence

import mlx.core as mx

from fairlead.replay.call import Call, Replay


def _reshape(call: Call) -> mx.array:
    # the output's declared shape has the traced -1 filled in
    return mx.reshape(call.inputs[0], call.shapes[0])


def _broadcast(call: Call) -> mx.array:
    return mx.broadcast_to(call.inputs[0], call.shapes[0])


def _expand_dims(call: Call) -> mx.array:
    (axes,) = call.arguments
    return mx.expand_dims(call.inputs[0], axes)


def _squeeze(call: Call) -> mx.array:
    (axes,) = call.arguments
    return mx.squeeze(call.inputs[0], axes)


def _transpose(call: Call) -> mx.array:
    (axes,) = call.arguments
    return mx.transpose(call.inputs[0], axes)


def _concatenate(call: Call) -> mx.array:
    (axis,) = call.arguments
    return mx.concatenate(list(call.inputs), axis)


def _split(call: Call) -> Sequence[mx.array]:
    indices, axis = call.arguments
    return mx.split(call.inputs[0], indices, axis)


def _pad(call: Call) -> mx.array:
    axes, low, high = call.arguments
    array, value = call.inputs
    widths = [(0, 0)] * array.ndim
    for axis, before, after in zip(axes, low, high, strict=True):
        widths[axis] = (before, after)
    return mx.pad(array, widths, constant_values=value)


def slices(shape: Sequence[int], start: Sequence[int], end: Sequence[int], stride: Sequence[int]) -> tuple[slice, ...]:
    """MLX's bounds as Python slices: an end below 0 with a negative stride means that the first element is in."""
    return tuple(
        slice(first, None if step < 0 and last < 0 else last, step)
        for _, first, last, step in zip(shape, start, end, stride, strict=True)
    )


def _slice(call: Call) -> mx.array:
    array = call.inputs[0]
    return array[slices(array.shape, *call.arguments)]


def _slice_update(call: Call) -> mx.array:
    reduce, start, end, stride = call.arguments
    array, update = call.inputs
    place = array.at[slices(array.shape, start, end, stride)]
    operations = (place.maximum, place.minimum, place.add, place.multiply)
    if reduce < len(operations):
        return operations[reduce](update)
    result = mx.stop_gradient(array)
    result[slices(array.shape, start, end, stride)] = update
    return result


def _as_strided(call: Call) -> mx.array:
    shape, strides, offset = call.arguments
    return mx.as_strided(call.inputs[0], shape, strides, offset)


def _arange(call: Call) -> mx.array:
    start, _, step = call.arguments
    # the declared size is exact where the bounds, as floats, might round
    (size,) = call.shapes[0]
    return mx.arange(start, start + size * step, step, dtype=call.dtypes[0])


def _full(call: Call) -> mx.array:
    return mx.full(call.shapes[0], call.inputs[0], dtype=call.dtypes[0])


TABLE: dict[str, Replay] = {
    "Arange": _arange,
    "AsStrided": _as_strided,
    "Broadcast": _broadcast,
    "Concatenate": _concatenate,
    "ExpandDims": _expand_dims,
    "Flatten": _reshape,
    "Full": _full,
    "Pad": _pad,
    "Reshape": _reshape,
    "Slice": _slice,
    "SliceUpdate": _slice_update,
    "Split": _split,
    "Squeeze": _squeeze,
    "Transpose": _transpose,
    "Unflatten": _reshape,
}
