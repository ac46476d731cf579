"""Primitives that compute each element by itself."""

import mlx.core as mx

from fairlead.replay.call import Call, Replay, of_inputs

_BITWISE = (mx.bitwise_and, mx.bitwise_or, mx.bitwise_xor, mx.left_shift, mx.right_shift)
_LOGARITHMS = (mx.log2, mx.log10, mx.log)


def _sqrt(call: Call) -> mx.array:
    (reciprocal,) = call.arguments
    return (mx.rsqrt if reciprocal else mx.sqrt)(*call.inputs)


def _log(call: Call) -> mx.array:
    (base,) = call.arguments
    return _LOGARITHMS[base](*call.inputs)


def _equal(call: Call) -> mx.array:
    (equal_nan,) = call.arguments
    one, other = call.inputs
    equal = mx.equal(one, other)
    if not equal_nan:
        return equal
    # two NaN are the only other equal elements
    return mx.logical_or(equal, mx.logical_and(mx.not_equal(one, one), mx.not_equal(other, other)))


def _bitwise(call: Call) -> mx.array:
    (operation,) = call.arguments
    return _BITWISE[operation](*call.inputs)


def _cast(call: Call) -> mx.array:
    (dtype,) = call.arguments
    return call.inputs[0].astype(dtype)


def _view(call: Call) -> mx.array:
    (dtype,) = call.arguments
    return mx.view(call.inputs[0], dtype)


TABLE: dict[str, Replay] = {
    "Abs": of_inputs(mx.abs),
    "Add": of_inputs(mx.add),
    "ArcCos": of_inputs(mx.arccos),
    "ArcCosh": of_inputs(mx.arccosh),
    "ArcSin": of_inputs(mx.arcsin),
    "ArcSinh": of_inputs(mx.arcsinh),
    "ArcTan": of_inputs(mx.arctan),
    "ArcTan2": of_inputs(mx.arctan2),
    "ArcTanh": of_inputs(mx.arctanh),
    "AsType": _cast,
    "BitwiseBinary": _bitwise,
    "Ceil": of_inputs(mx.ceil),
    "Conjugate": of_inputs(mx.conjugate),
    "Copy": of_inputs(mx.stop_gradient),
    "Cos": of_inputs(mx.cos),
    "Cosh": of_inputs(mx.cosh),
    "DivMod": of_inputs(mx.divmod),
    "Divide": of_inputs(mx.divide),
    "Equal": _equal,
    "Erf": of_inputs(mx.erf),
    "ErfInv": of_inputs(mx.erfinv),
    "Exp": of_inputs(mx.exp),
    "Expm1": of_inputs(mx.expm1),
    "Floor": of_inputs(mx.floor),
    "FloorDivide": of_inputs(mx.floor_divide),
    "Greater": of_inputs(mx.greater),
    "GreaterEqual": of_inputs(mx.greater_equal),
    "Imag": of_inputs(mx.imag),
    "Less": of_inputs(mx.less),
    "LessEqual": of_inputs(mx.less_equal),
    "Log": _log,
    "Log1p": of_inputs(mx.log1p),
    "LogAddExp": of_inputs(mx.logaddexp),
    "LogicalAnd": of_inputs(mx.logical_and),
    "LogicalNot": of_inputs(mx.logical_not),
    "LogicalOr": of_inputs(mx.logical_or),
    "Maximum": of_inputs(mx.maximum),
    "Minimum": of_inputs(mx.minimum),
    "Multiply": of_inputs(mx.multiply),
    "Negative": of_inputs(mx.negative),
    "NotEqual": of_inputs(mx.not_equal),
    "Power": of_inputs(mx.power),
    "Real": of_inputs(mx.real),
    "Remainder": of_inputs(mx.remainder),
    "Round": of_inputs(mx.round),
    "Select": of_inputs(mx.where),
    "Sigmoid": of_inputs(mx.sigmoid),
    "Sign": of_inputs(mx.sign),
    "Sin": of_inputs(mx.sin),
    "Sinh": of_inputs(mx.sinh),
    "Sqrt": _sqrt,
    "Square": of_inputs(mx.square),
    "StopGradient": of_inputs(mx.stop_gradient),
    "Subtract": of_inputs(mx.subtract),
    "Tan": of_inputs(mx.tan),
    "Tanh": of_inputs(mx.tanh),
    "View": _view,
}
