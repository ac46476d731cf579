"""Functions of one element: powers, exponentials, trigonometry, the error function, rounding, signs."""

import math
from collections.abc import Callable

import numpy as np

from fairlead.reference.call import Call, Function, of_inputs

_LOGARITHMS = (np.log2, np.log10, np.log)


def _sqrt(call: Call) -> np.ndarray:
    (reciprocal,) = call.arguments
    root = np.sqrt(call.inputs[0])
    return 1 / root if reciprocal else root


def _log(call: Call) -> np.ndarray:
    (base,) = call.arguments
    return _LOGARITHMS[base](call.inputs[0])


def _absolute(x: np.ndarray) -> np.ndarray:
    """The absolute value in the type of x: that of a complex number is complex too."""
    return np.abs(x).astype(x.dtype)


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def _sign(x: np.ndarray) -> np.ndarray:
    """-1, 0 or 1, and 0 for NaN; x/|x| for complex numbers."""
    if x.dtype.kind == "c":
        return np.sign(x)
    return np.where(x > 0, 1, np.where(x < 0, -1, 0)).astype(x.dtype)


def _whole(function: Callable[[np.ndarray], np.ndarray]) -> Function:
    """Rounding, which leaves integers as they are."""
    return lambda call: function(call.inputs[0]) if call.inputs[0].dtype.kind in "fc" else call.inputs[0]


def _each(function: Callable[[float], float]) -> Function:
    """A function of Python floats for each element."""
    over = np.frompyfunc(function, 1, 1)
    return lambda call: np.asarray(over(call.inputs[0]), dtype=np.float64)


def _erf_inverse(x: float) -> float:
    """The y with erf(y) = x, by Newton's method on erf near 0 and on erfc, which keeps its digits, near 1."""
    if math.isnan(x) or abs(x) > 1:
        return math.nan
    if abs(x) == 1:
        return math.copysign(math.inf, x)
    if x < 0:
        return -_erf_inverse(-x)
    if x < 0.5:
        y = x * math.sqrt(math.pi) / 2
    else:
        # Winitzki's approximation, right to 2e-3
        a, half = 0.147, math.log((1 - x) * (1 + x)) / 2
        b = 2 / (math.pi * a) + half
        y = math.sqrt(math.sqrt(b * b - 2 * half / a) - b)
    for _ in range(6):
        rest = math.erf(y) - x if x < 0.5 else (1 - x) - math.erfc(y)
        y -= rest * math.sqrt(math.pi) / 2 * math.exp(y * y)
    return y


TABLE: dict[str, Function] = {
    "Abs": of_inputs(_absolute),
    "ArcCos": of_inputs(np.arccos),
    "ArcCosh": of_inputs(np.arccosh),
    "ArcSin": of_inputs(np.arcsin),
    "ArcSinh": of_inputs(np.arcsinh),
    "ArcTan": of_inputs(np.arctan),
    "ArcTanh": of_inputs(np.arctanh),
    "Ceil": _whole(np.ceil),
    "Conjugate": of_inputs(np.conj),
    "Cos": of_inputs(np.cos),
    "Cosh": of_inputs(np.cosh),
    "Erf": _each(math.erf),
    "ErfInv": _each(_erf_inverse),
    "Exp": of_inputs(np.exp),
    "Expm1": of_inputs(np.expm1),
    "Floor": _whole(np.floor),
    "Imag": of_inputs(np.imag),
    "Log": _log,
    "Log1p": of_inputs(np.log1p),
    "Negative": of_inputs(np.negative),
    "Real": of_inputs(np.real),
    "Round": _whole(np.rint),
    "Sigmoid": of_inputs(_sigmoid),
    "Sign": of_inputs(_sign),
    "Sin": of_inputs(np.sin),
    "Sinh": of_inputs(np.sinh),
    "Sqrt": _sqrt,
    "Square": of_inputs(np.square),
    "Tan": of_inputs(np.tan),
    "Tanh": of_inputs(np.tanh),
}
