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


def _slices(start: Sequence[int], end: Sequence[int], stride: Sequence[int]) -> tuple[slice, ...]:
    # MLX counts bounds below 0 from the end, as Python does
    return tuple(slice(*bounds) for bounds in zip(start, end, stride, strict=True))


def _slice(call: Call) -> mx.array:
    return call.inputs[0][_slices(*call.arguments)]


def _slice_update(call: Call) -> mx.array:
    reduce, *bounds = call.arguments
    array, update = call.inputs
    return written(array, _slices(*bounds), update, reduce)


def written(array: mx.array, place: tuple, update: mx.array, reduce: int) -> mx.array:
    """A copy of `array` with `update` written to, or combined with, the elements at `place`."""
    spot = array.at[place]
    operations = (spot.maximum, spot.minimum, spot.add, spot.multiply)
    if reduce < len(operations):
        return operations[reduce](update)
    copy = mx.stop_gradient(array)
    copy[place] = update
    return copy


def _dynamic_slice(call: Call) -> mx.array:
    axes, size = call.arguments
    array, start = call.inputs
    return mx.slice(array, start, axes, size)


def _dynamic_slice_update(call: Call) -> mx.array:
    (axes,) = call.arguments
    array, update, start = call.inputs
    return mx.slice_update(array, update, start, axes)


def _as_strided(call: Call) -> mx.array:
    shape, strides, offset = call.arguments
    array = call.inputs[0]
    steps = [(extent - 1) * stride for extent, stride in zip(shape, strides, strict=True)]
    low = offset + sum(min(step, 0) for step in steps)
    high = offset + sum(max(step, 0) for step in steps)
    # MLX doesn't look where strides lead
    if 0 not in shape and (low < 0 or high >= array.size):
        raise ValueError(f"strides reach from {low} to {high} in {array.size} elements")
    return mx.as_strided(array, shape, strides, offset)


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
    "DynamicSlice": _dynamic_slice,
    "DynamicSliceUpdate": _dynamic_slice_update,
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
