"""Comparisons, truth values, bits and choices."""

import numpy as np

from fairlead.reference.call import Call, Function, of_inputs

_BITWISE = (np.bitwise_and, np.bitwise_or, np.bitwise_xor, np.left_shift, np.right_shift)
_FIRST_SHIFT = 3


def _equal(call: Call) -> np.ndarray:
    (equal_nan,) = call.arguments
    x, y = call.inputs
    equal = x == y
    return equal | ((x != x) & (y != y)) if equal_nan else equal


def _bitwise(call: Call) -> np.ndarray:
    (operation,) = call.arguments
    x, y = call.inputs
    if operation >= _FIRST_SHIFT and ((y < 0) | (y >= 8 * x.dtype.itemsize)).any():
        raise ValueError(f"a shift is outside the {8 * x.dtype.itemsize} bits")
    return _BITWISE[operation](x, y)


TABLE: dict[str, Function] = {
    "BitwiseBinary": _bitwise,
    "Equal": _equal,
    "Greater": of_inputs(np.greater),
    "GreaterEqual": of_inputs(np.greater_equal),
    "Less": of_inputs(np.less),
    "LessEqual": of_inputs(np.less_equal),
    "LogicalAnd": of_inputs(np.logical_and),
    "LogicalNot": of_inputs(np.logical_not),
    "LogicalOr": of_inputs(np.logical_or),
    "NotEqual": of_inputs(np.not_equal),
    "Select": of_inputs(np.where),
}
