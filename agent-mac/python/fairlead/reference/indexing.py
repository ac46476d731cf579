"""Primitives that read and write elements at places that arrays of indices give. An index below 0 counts from the end."""

from collections.abc import Sequence

import numpy as np

from fairlead.reference.arithmetic import maximum, minimum
from fairlead.reference.call import Call, Function

_ADD_ALONG_AXIS = 0


def _places(shape: Sequence[int], indices: Sequence[np.ndarray], axes: Sequence[int], sizes: Sequence[int]) -> tuple:
    """For each index a block of `sizes` that begins at it: an index array for each axis, of the shape indices + sizes."""
    indices = np.broadcast_arrays(*indices) if indices else []
    rank = indices[0].ndim if indices else 0
    begins = {axis: _checked(index, shape[axis]) for axis, index in zip(axes, indices, strict=True)}
    places = []
    for axis, size in enumerate(sizes):
        place = np.arange(size).reshape([-1 if other == axis else 1 for other in range(len(sizes))])
        place = place.reshape((1,) * rank + place.shape)
        if axis in begins:
            place = place + begins[axis].reshape(begins[axis].shape + (1,) * len(sizes))
        places.append(_within(place, shape[axis]))
    return tuple(places)


def _checked(index: np.ndarray, extent: int) -> np.ndarray:
    index = index.astype(np.int64)
    outside = (index < -extent) | (index >= extent)
    if outside.any():
        raise ValueError(f"index {index[outside].flat[0]} is outside the {extent} elements of its axis")
    return np.where(index < 0, index + extent, index)


def _within(place: np.ndarray, extent: int) -> np.ndarray:
    if place.size and place.max() >= extent:
        raise ValueError(f"a slice reaches element {place.max()} of {extent}")
    return place


def _gather(call: Call) -> np.ndarray:
    source, *indices = call.inputs
    axes, sizes = call.arguments
    return source[_places(source.shape, indices, axes, sizes)]


def _scatter(call: Call) -> np.ndarray:
    """Updates have the shape of the indices, then that of the block that each index writes. Of equal places the last wins."""
    source, *indices, updates = call.inputs
    operation, axes = call.arguments
    sizes = updates.shape[updates.ndim - source.ndim :]
    result = source.copy()
    _combine(result, _places(source.shape, indices, axes, sizes), updates, operation)
    return result


def _combine(result: np.ndarray, places: tuple, updates: np.ndarray, operation: int) -> None:
    """In the order of MLX's enumeration: maximum, minimum, sum, product, none."""
    if operation == 2:
        np.add.at(result, places, updates)
    elif operation == 3:
        np.multiply.at(result, places, updates)
    elif operation == 4:
        result[places] = updates
    else:
        # a place may stand several times, so one update after the other
        larger = (maximum, minimum)[operation]
        flat = np.ravel_multi_index(np.broadcast_arrays(*places), result.shape).reshape(-1) if places else np.zeros(1, np.int64)
        elements = result.reshape(-1)
        for place, update in zip(flat, updates.reshape(-1), strict=True):
            elements[place] = larger(elements[place], update)


def _gather_axis(call: Call) -> np.ndarray:
    (axis,) = call.arguments
    source, index = call.inputs
    return np.take_along_axis(source, _checked(index, source.shape[axis]), axis)


def _scatter_axis(call: Call) -> np.ndarray:
    operation, axis = call.arguments
    source, index, updates = call.inputs
    index = np.broadcast_to(_checked(index, source.shape[axis]), updates.shape)
    result = source.copy()
    places = list(np.ogrid[tuple(slice(extent) for extent in index.shape)])
    places[axis] = index
    if operation == _ADD_ALONG_AXIS:
        np.add.at(result, tuple(places), updates)
    else:
        result[tuple(places)] = updates
    return result


def _masked_scatter(call: Call) -> np.ndarray:
    """In each entry of the first axis, the elements under the mask become the first of the updates, in order."""
    source, mask, updates = call.inputs
    result = source.copy()
    for row, chosen, new in zip(result, np.broadcast_to(mask, source.shape), updates, strict=True):
        count = np.count_nonzero(chosen)
        if count > new.size:
            raise ValueError(f"the mask takes {count} of {new.size} updates")
        row[chosen] = new.reshape(-1)[:count]
    return result


TABLE: dict[str, Function] = {
    "Gather": _gather,
    "GatherAxis": _gather_axis,
    "MaskedScatter": _masked_scatter,
    "Scatter": _scatter,
    "ScatterAxis": _scatter_axis,
}
