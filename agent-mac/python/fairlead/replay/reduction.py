"""Primitives that bring a whole axis together: reductions, scans, sorts, softmax."""

import mlx.core as mx

from fairlead.replay.call import Call, Replay

_REDUCTIONS = (mx.all, mx.any, mx.sum, mx.prod, mx.min, mx.max)
_SCANS = (mx.cummax, mx.cummin, mx.cumsum, mx.cumprod, mx.logcumsumexp)
_ARG_REDUCTIONS = (mx.argmin, mx.argmax)


def _reduce(call: Call) -> mx.array:
    kind, axes = call.arguments
    return _REDUCTIONS[kind](call.inputs[0], axis=axes, keepdims=True)


def _arg_reduce(call: Call) -> mx.array:
    kind, axis = call.arguments
    return _ARG_REDUCTIONS[kind](call.inputs[0], axis=axis, keepdims=True)


def _scan(call: Call) -> mx.array:
    kind, axis, reverse, inclusive = call.arguments
    return _SCANS[kind](call.inputs[0], axis=axis, reverse=reverse, inclusive=inclusive)


def _softmax(call: Call) -> mx.array:
    (precise,) = call.arguments
    return mx.softmax(call.inputs[0], axis=-1, precise=precise)


def _log_sum_exp(call: Call) -> mx.array:
    return mx.logsumexp(call.inputs[0], axis=-1, keepdims=True)


def _sort(call: Call) -> mx.array:
    (axis,) = call.arguments
    return mx.sort(call.inputs[0], axis=axis)


def _arg_sort(call: Call) -> mx.array:
    (axis,) = call.arguments
    return mx.argsort(call.inputs[0], axis=axis)


def _partition(call: Call) -> mx.array:
    kth, axis = call.arguments
    return mx.partition(call.inputs[0], kth, axis=axis)


def _arg_partition(call: Call) -> mx.array:
    kth, axis = call.arguments
    return mx.argpartition(call.inputs[0], kth, axis=axis)


TABLE: dict[str, Replay] = {
    "ArgPartition": _arg_partition,
    "ArgReduce": _arg_reduce,
    "ArgSort": _arg_sort,
    "LogSumExp": _log_sum_exp,
    "Partition": _partition,
    "Reduce": _reduce,
    "Scan": _scan,
    "Softmax": _softmax,
    "Sort": _sort,
}
