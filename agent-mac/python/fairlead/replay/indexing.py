"""Primitives that pick elements by index arrays.

MLX reads and writes wherever an index points, so indices are checked first: they may come from a file that isn't ours.
"""

import math
from collections.abc import Sequence

import mlx.core as mx

from fairlead.replay.call import Call, Replay
from fairlead.replay.shape import written


def _gather(call: Call) -> mx.array:
    """Index shape first, then a slice of the source for each index: what advanced indexing gives, reshaped."""
    source, *indices = call.inputs
    axes, sizes = call.arguments
    for axis, size in enumerate(sizes):
        if size != (1 if axis in axes else source.shape[axis]):
            raise ValueError(f"a slice of {size} along axis {axis} has no replay")
    _check(call, indices, [source.shape[axis] for axis in axes])
    # the indexed axes first, so that the result starts with the index shape
    front = mx.transpose(source, _front(source, axes))
    picked = mx.take(front, indices[0], axis=0) if len(axes) == 1 else front[tuple(indices)]
    return mx.reshape(picked, call.shapes[0])


def _scatter(call: Call) -> mx.array:
    source, *indices, updates = call.inputs
    reduce, axes = call.arguments
    _check(call, indices, [source.shape[axis] for axis in axes])
    order = _front(source, axes)
    front = mx.transpose(source, order)
    full = (*indices[0].shape, *front.shape[len(axes) :])
    if updates.size != math.prod(full):
        raise ValueError("a scatter of part of a slice has no replay")
    result = written(front, tuple(indices), mx.reshape(updates, full), reduce)
    return mx.transpose(result, [order.index(axis) for axis in range(source.ndim)])


def _front(source: mx.array, axes: Sequence[int]) -> list[int]:
    return [*axes, *(axis for axis in range(source.ndim) if axis not in axes)]


def _gather_axis(call: Call) -> mx.array:
    (axis,) = call.arguments
    _check(call, call.inputs[1:2], [call.inputs[0].shape[axis]])
    return mx.take_along_axis(*call.inputs, axis=axis)


def _scatter_axis(call: Call) -> mx.array:
    reduce, axis = call.arguments
    if reduce != 1:
        raise ValueError("a scatter along an axis that sums has no replay")
    _check(call, call.inputs[1:2], [call.inputs[0].shape[axis]])
    return mx.put_along_axis(*call.inputs, axis=axis)


def _check(call: Call, indices: Sequence[mx.array], extents: Sequence[int]) -> None:
    if call.lazy:
        return
    for index, extent in zip(indices, extents, strict=True):
        if index.size == 0:
            continue
        low, high = mx.min(index).item(), mx.max(index).item()
        if low < -extent or high >= extent:
            raise ValueError(f"index {low if low < -extent else high} is outside the {extent} elements of its axis")


TABLE: dict[str, Replay] = {
    "Gather": _gather,
    "GatherAxis": _gather_axis,
    "Scatter": _scatter,
    "ScatterAxis": _scatter_axis,
}
