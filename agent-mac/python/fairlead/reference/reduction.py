"""Primitives that bring axes together: reductions, scans, softmax."""

import numpy as np

from fairlead.reference import values
from fairlead.reference.arithmetic import log_add_exp, maximum, minimum
from fairlead.reference.call import Call, Function, of_inputs

# in the order of MLX's enumeration
_REDUCTIONS = (np.all, np.any, np.sum, np.prod, np.min, np.max)
_ARG_REDUCTIONS = (np.argmin, np.argmax)
_SCANS = (maximum, minimum, np.add, np.multiply, log_add_exp)


def _reduce(call: Call) -> np.ndarray:
    """Over the axes, which keep the size 1. Sums and products are in the declared type; NaN is the largest and the smallest."""
    kind, axes = call.arguments
    array = call.inputs[0]
    if kind in (2, 3):
        array = array.astype(values.computed(call.dtypes[0]))
        return _REDUCTIONS[kind](array, axis=tuple(axes), keepdims=True, dtype=array.dtype)
    return _REDUCTIONS[kind](array, axis=tuple(axes), keepdims=True)


def _arg_reduce(call: Call) -> np.ndarray:
    """The first place of the smallest or the largest; that of the first NaN, where there is one."""
    kind, axis = call.arguments
    return _ARG_REDUCTIONS[kind](call.inputs[0], axis=axis, keepdims=True).astype(np.uint32)


def _scan(call: Call) -> np.ndarray:
    """Each element with all before it, or with all after it; an exclusive scan leaves the element itself out."""
    kind, axis, reverse, inclusive = call.arguments
    array = np.moveaxis(call.inputs[0].astype(values.computed(call.dtypes[0])), axis, 0)
    array = array[::-1] if reverse else array
    result = np.empty_like(array)
    running = np.full(array.shape[1:], _neutral(kind, array.dtype), dtype=array.dtype)
    for place, element in enumerate(array):
        combined = _SCANS[kind](running, element)
        result[place] = combined if inclusive else running
        running = combined
    return np.moveaxis(result[::-1] if reverse else result, 0, axis)


def _neutral(kind: int, dtype: np.dtype) -> object:
    if kind in (2, 3):
        return 0 if kind == 2 else 1
    if dtype.kind in "iu":
        return np.iinfo(dtype).max if kind == 1 else np.iinfo(dtype).min
    return kind == 1 if dtype.kind == "b" else np.inf if kind == 1 else -np.inf


def softmax(array: np.ndarray) -> np.ndarray:
    """Over the last axis. A row of -inf, or one that holds inf, gives NaN."""
    powers = np.exp(array - np.max(array, axis=-1, keepdims=True))
    return powers / np.sum(powers, axis=-1, keepdims=True)


def _softmax(call: Call) -> np.ndarray:
    # the argument says in which precision MLX computes it
    return softmax(call.inputs[0])


def _log_sum_exp(array: np.ndarray) -> np.ndarray:
    """Over the last axis, which keeps the size 1."""
    largest = np.max(array, axis=-1, keepdims=True)
    out = np.where(np.isinf(largest), 0, largest)
    return out + np.log(np.sum(np.exp(array - out), axis=-1, keepdims=True))


TABLE: dict[str, Function] = {
    "ArgReduce": _arg_reduce,
    "LogSumExp": of_inputs(_log_sum_exp),
    "Reduce": _reduce,
    "Scan": _scan,
    "Softmax": _softmax,
}
