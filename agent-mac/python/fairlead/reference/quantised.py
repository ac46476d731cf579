"""Quantised weights: their exact values, and products with them."""

from collections.abc import Sequence

import numpy as np

from fairlead.reference.call import Call, Function, Refusal
from fairlead.reference.product import gathered

_AFFINE, _MXFP4, _MXFP8, _NVFP4 = range(4)


def _e2m1(codes: np.ndarray) -> np.ndarray:
    """A sign, two bits of exponent and one of mantissa: 0, 0.5, 1, 1.5, 2, 3, 4, 6."""
    magnitudes = np.array([0, 0.5, 1, 1.5, 2, 3, 4, 6])
    return np.where(codes & 8, -1.0, 1.0) * magnitudes[codes & 7]


def _e4m3(codes: np.ndarray) -> np.ndarray:
    """A sign, four bits of exponent with bias 7 and three of mantissa; all ones is NaN, and there is no infinity."""
    codes = codes.astype(np.int64)
    exponent, mantissa = (codes >> 3) & 15, codes & 7
    magnitude = np.where(exponent == 0, np.ldexp(mantissa / 8, -6), np.ldexp(1 + mantissa / 8, exponent - 7))
    magnitude = np.where((exponent == 15) & (mantissa == 7), np.nan, magnitude)
    return np.where(codes & 128, -magnitude, magnitude)


def _e8m0(codes: np.ndarray) -> np.ndarray:
    """A power of two with bias 127. Raises ValueError for the code 255: NaN by the standard, but infinity in MLX."""
    if (codes == 255).any():
        raise ValueError("a scale has the code 255, which has no value")
    return np.ldexp(1.0, codes.astype(np.int64) - 127)


def codes(packed: np.ndarray, bits: int) -> np.ndarray:
    """The unsigned numbers in 32-bit words, the first in the lowest bits; a number may lie across two words."""
    stream = np.ascontiguousarray(packed).astype("<u4").view(np.uint8)
    each = np.unpackbits(stream, axis=-1, bitorder="little")
    each = each.reshape(*each.shape[:-1], -1, bits)
    numbers = np.zeros(each.shape[:-1], dtype=np.uint8)
    for place in range(bits):
        numbers |= each[..., place] << place
    return numbers


def dequantised(
    packed: np.ndarray, scales: np.ndarray, biases: np.ndarray | None, group_size: int, bits: int, mode: int
) -> np.ndarray:
    """The weights: the codes' values times their group's scale, in affine mode plus its bias."""
    numbers = codes(packed, bits)
    if mode == _AFFINE:
        elements = numbers.astype(np.float64)
    else:
        elements = _e4m3(numbers) if mode == _MXFP8 else _e2m1(numbers)
        scales = _e4m3(scales) if mode == _NVFP4 else _e8m0(scales)
    weights = elements * scales.repeat(group_size, axis=-1)
    return weights if biases is None else weights + biases.repeat(group_size, axis=-1)


def _parts(rest: list[np.ndarray], mode: int) -> tuple[np.ndarray, np.ndarray | None]:
    """Scales, and biases in affine mode."""
    return rest[0], rest[1] if mode == _AFFINE else None


def _quantized_matmul(call: Call) -> np.ndarray:
    group_size, bits, mode, transpose = call.arguments
    x, packed, *rest = call.inputs
    weight = dequantised(packed, *_parts(rest, mode), group_size, bits, mode)
    return np.matmul(x, np.swapaxes(weight, -1, -2) if transpose else weight)


def _gather_qmm(call: Call) -> np.ndarray:
    group_size, bits, mode, transpose, *_ = call.arguments
    x, packed, *rest, left, right = call.inputs
    weight = dequantised(packed, *_parts(rest, mode), group_size, bits, mode)
    weight = np.swapaxes(weight, -1, -2) if transpose else weight
    return np.matmul(gathered(x, left), gathered(weight, right))


def _quantize(call: Call) -> np.ndarray:
    """Backwards: the weights of what is quantised."""
    group_size, bits, mode, _ = call.arguments
    packed, *rest = call.inputs
    return dequantised(packed, *_parts(rest, mode), group_size, bits, mode)


def _refused(others: int, mode_at: int, dequantise_at: int | None = None) -> Refusal:
    """Refuses what has more inputs than a weight, its scales and biases and `others`: a scale of the whole tensor."""

    def refusal(inputs: int, arguments: Sequence[object]) -> str | None:
        if dequantise_at is not None and not arguments[dequantise_at]:
            return "its codes depend on how the scale is rounded"
        if inputs != others + (3 if arguments[mode_at] == _AFFINE else 2):
            return "with a scale of the whole tensor"
        return None

    return refusal


TABLE: dict[str, Function] = {
    "GatherQMM": _gather_qmm,
    "Quantize": _quantize,
    "QuantizedMatmul": _quantized_matmul,
}
REFUSALS: dict[str, Refusal] = {
    "GatherQMM": _refused(3, 2),
    "Quantize": _refused(0, 2, 3),
    "QuantizedMatmul": _refused(1, 2),
}
