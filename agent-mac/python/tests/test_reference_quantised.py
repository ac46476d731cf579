"""Quantised products in the reference against MLX, and the codes' values against their definitions."""

import ml_dtypes
import mlx.core as mx
import numpy as np
import pytest
from references import check, compare, outputs_of, real, single

from fairlead.reference.quantised import codes, dequantised

AFFINE = [(bits, group) for bits in (2, 3, 4, 5, 6, 8) for group in (32, 64, 128)]
FLOATING = [("mxfp4", 32, 4), ("mxfp8", 32, 8), ("nvfp4", 16, 4)]
MODES = ("affine", "mxfp4", "mxfp8", "nvfp4")


@pytest.mark.parametrize(("bits", "group"), AFFINE)
def test_affine_products(bits: int, group: int) -> None:
    quantised = mx.quantize(real(12, 128), group_size=group, bits=bits)
    check(lambda x, *q: mx.quantized_matmul(x, *q, group_size=group, bits=bits), real(2, 3, 128), *quantised)
    square = mx.quantize(real(128, 128), group_size=group, bits=bits)
    check(lambda x, *q: mx.quantized_matmul(x, *q, transpose=False, group_size=group, bits=bits), real(3, 128), *square)


@pytest.mark.parametrize(("mode", "group", "bits"), FLOATING)
def test_floating_products(mode: str, group: int, bits: int) -> None:
    quantised = mx.quantize(real(12, 64), mode=mode)
    check(lambda x, *q: mx.quantized_matmul(x, *q, group_size=group, bits=bits, mode=mode), real(5, 64), *quantised)


@pytest.mark.parametrize("mode", MODES)
def test_gathered_products(mode: str) -> None:
    quantised = mx.quantize(real(4, 12, 64), mode=mode)
    left, right = mx.array([[0], [2]]), mx.array([[3, 1, 1], [0, 2, 3]])
    check(lambda x, left, right, *q: mx.gather_qmm(x, *q, None, left, right, mode=mode) if len(q) == 2
          else mx.gather_qmm(x, *q, left, right, mode=mode), real(3, 2, 64), left, right, *quantised)  # fmt: skip


@pytest.mark.parametrize(("bits", "group"), AFFINE)
def test_a_decomposed_dequantise(bits: int, group: int) -> None:
    quantised = mx.quantize(real(6, 128), group_size=group, bits=bits)
    check(lambda *q: mx.dequantize(*q, group_size=group, bits=bits), *quantised, tolerance=1e-6)


def test_a_decomposed_dequantise_of_e2m1() -> None:
    check(lambda *q: mx.dequantize(*q, mode="mxfp4"), *mx.quantize(real(6, 64), mode="mxfp4"), tolerance=0)


@pytest.mark.parametrize("mode", range(4))
def test_a_whole_dequantise(mode: int) -> None:
    quantised = mx.quantize(real(6, 128), mode=MODES[mode])
    group, bits = [(64, 4), (32, 4), (32, 8), (16, 4)][mode]
    (found,) = single("Quantize", quantised, [group, bits, mode, True], [("float32", (6, 128))])
    wanted = mx.dequantize(*quantised, group_size=group, bits=bits, mode=MODES[mode], dtype=mx.float32)
    compare(found, wanted, 1e-6)


def test_products_of_halves_take_the_stored_scales() -> None:
    quantised = mx.quantize(real(12, 64, dtype=mx.bfloat16))
    (found,) = outputs_of(lambda x, *q: mx.quantized_matmul(x, *q), mx.eye(64).astype(mx.bfloat16), *quantised)
    packed, scales, biases = (np.array(part.astype(mx.float32) if part.dtype == mx.bfloat16 else part) for part in quantised)
    for row in range(12):
        for column in range(64):
            code = int(packed[row, column // 8]) >> (4 * (column % 8)) & 15
            assert found[column, row] == code * float(scales[row, 0]) + float(biases[row, 0])


@pytest.mark.parametrize("bits", [1, 2, 3, 4, 5, 6, 8])
def test_codes_are_one_stream_of_bits(bits: int) -> None:
    numbers = np.random.default_rng(bits).integers(0, 2**bits, 32)
    stream = sum(int(number) << (bits * place) for place, number in enumerate(numbers))
    packed = np.array([[stream >> (32 * word) & 0xFFFFFFFF for word in range(bits)]], dtype=np.uint32)
    assert codes(packed, bits).tolist() == [numbers.tolist()]


def test_all_values_of_the_small_floats() -> None:
    e4m3 = np.arange(256, dtype=np.uint8)
    wanted = e4m3.view(ml_dtypes.float8_e4m3fn).astype(np.float64)
    one = np.full((1, 8), 127, dtype=np.uint8)
    assert np.array_equal(dequantised(e4m3.view(np.uint32)[None], one, None, 32, 8, 2)[0], wanted, equal_nan=True)
    e2m1 = np.arange(16, dtype=np.uint8).view(ml_dtypes.float4_e2m1fn).astype(np.float64)
    packed = np.array([[0x76543210, 0xFEDCBA98, 0, 0]], dtype=np.uint32)
    assert dequantised(packed, one[:, :1], None, 32, 4, 1)[0, :16].tolist() == e2m1.tolist()
    e8m0 = np.arange(255, dtype=np.uint8)
    ones = np.full((255, 4), 0x22222222, dtype=np.uint32)
    assert dequantised(ones, e8m0[:, None], None, 32, 4, 1)[:, 0].tolist() == [2.0 ** (code - 127) for code in range(255)]


def test_refuses_a_scale_without_a_value() -> None:
    with pytest.raises(ValueError, match="255"):
        dequantised(np.zeros((1, 4), np.uint32), np.full((1, 1), 255, np.uint8), None, 32, 4, 1)
