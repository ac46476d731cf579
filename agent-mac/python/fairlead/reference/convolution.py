"""Convolutions in any number of dimensions."""

import itertools

import numpy as np

from fairlead.reference.call import Call, Function


def _convolution(call: Call) -> np.ndarray:
    """x is (N, spatial…, C), the weight (O, spatial…, C/groups); group g makes the g-th part of the O outputs.

    Zeros go between the input's elements (input dilation), then around them (padding; below 0 it cuts). Each place of the
    kernel adds its product. `flip` turns the kernel around: a true convolution, else a correlation.
    """
    stride, low, high, kernel_dilation, input_dilation, groups, flip = call.arguments
    x, weight = call.inputs
    spatial = tuple(range(1, x.ndim - 1))
    if flip:
        weight = np.flip(weight, spatial)
    x = _padded(_dilated(x, input_dilation), low, high)
    out = call.shapes[0]
    result = np.zeros((*out[:-1], groups, out[-1] // groups), dtype=np.result_type(x, weight))
    # one matrix (inputs, outputs) a group and place of the kernel
    kernels = weight.reshape(groups, -1, *weight.shape[1:])
    x = x.reshape(*x.shape[:-1], groups, -1)
    for place in itertools.product(*(range(extent) for extent in weight.shape[1:-1])):
        starts = [at * dilation for at, dilation in zip(place, kernel_dilation, strict=True)]
        parts = [slice(first, first + (n - 1) * step + 1, step) for first, n, step in zip(starts, out[1:-1], stride, strict=True)]
        seen = x[(slice(None), *parts)]
        kernel = kernels[(slice(None), slice(None), *place)]
        for group in range(groups):
            result[..., group, :] += seen[..., group, :] @ kernel[group].T
    return result.reshape(out)


def _dilated(x: np.ndarray, dilation: list[int]) -> np.ndarray:
    extents = [(n - 1) * d + 1 if n else 0 for n, d in zip(x.shape[1:-1], dilation, strict=True)]
    result = np.zeros((x.shape[0], *extents, x.shape[-1]), dtype=x.dtype)
    result[(slice(None), *(slice(None, None, d) for d in dilation))] = x
    return result


def _padded(x: np.ndarray, low: list[int], high: list[int]) -> np.ndarray:
    for axis, (before, after) in enumerate(zip(low, high, strict=True), start=1):
        widths = [(0, 0)] * x.ndim
        widths[axis] = (max(before, 0), max(after, 0))
        cut = [slice(None)] * x.ndim
        cut[axis] = slice(max(-before, 0), x.shape[axis] - max(-after, 0))
        x = np.pad(x[tuple(cut)], widths)
    return x


TABLE: dict[str, Function] = {"Convolution": _convolution}
