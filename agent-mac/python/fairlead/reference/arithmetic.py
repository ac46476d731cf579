"""Functions of two elements: sums, products, quotients with their rests, powers, the larger and the smaller."""

import numpy as np

from fairlead.reference.call import Call, Function, of_inputs


def _whole_divisor(divisor: np.ndarray) -> None:
    if divisor.dtype.kind in "iu" and not divisor.all():
        raise ValueError("an integer is divided by 0")


def _floor_divide(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The quotient, rounded down for integers of either sign."""
    _whole_divisor(y)
    return np.floor(x / y) if x.dtype.kind == "f" else x // y


def _remainder(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The rest with the divisor's sign; a rest of 0 has the dividend's."""
    _whole_divisor(y)
    rest = np.fmod(x, y)
    return np.where((rest != 0) & ((rest < 0) != (y < 0)), rest + y, rest)


def _quotient_and_rest(call: Call) -> list[np.ndarray]:
    return [_floor_divide(*call.inputs), _remainder(*call.inputs)]


def _power(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The power; a negative exponent gives 0 for integers, which wrap."""
    if x.dtype.kind not in "iu":
        return np.power(x, y)
    return np.where(y < 0, 0, np.power(x, np.maximum(y, 0))).astype(x.dtype)


def maximum(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The larger, NaN where either is NaN; of two zeros the second."""
    return np.where((x > y) | (x != x), x, y)


def minimum(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The smaller, NaN where either is NaN; of two zeros the second."""
    return np.where((x < y) | (x != x), x, y)


def log_add_exp(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """log(exp(x) + exp(y)), without overflow."""
    if x.dtype.kind == "c":
        # the larger real part goes out, so that no exponential overflows
        large, small = np.where(x.real > y.real, x, y), np.where(x.real > y.real, y, x)
        return large + np.log1p(np.exp(small - large))
    return np.logaddexp(x, y)


TABLE: dict[str, Function] = {
    "Add": of_inputs(np.add),
    "ArcTan2": of_inputs(np.arctan2),
    "DivMod": _quotient_and_rest,
    "Divide": of_inputs(np.divide),
    "FloorDivide": of_inputs(_floor_divide),
    "LogAddExp": of_inputs(log_add_exp),
    "Maximum": of_inputs(maximum),
    "Minimum": of_inputs(minimum),
    "Multiply": of_inputs(np.multiply),
    "Power": of_inputs(_power),
    "Remainder": of_inputs(_remainder),
    "Subtract": of_inputs(np.subtract),
}
