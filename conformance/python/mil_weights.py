"""Compressed weights."""

from collections.abc import Callable

import coremltools as ct
import numpy as np
from coremltools.converters.mil import Builder as mb  # noqa: N813
from coremltools.converters.mil.mil import types

from mil_cases import IOS16, IOS18, RANDOM, case, positive, real

V = positive(3)
int4, uint4 = types.nptype_from_builtin(types.int4), types.nptype_from_builtin(types.uint4)


def weight(name: str, build: Callable, expected: np.ndarray, target: ct.target = IOS18) -> None:
    rows = real(2, expected.shape[0])
    if expected.ndim == 2:
        case(name, lambda x: mb.matmul(x=x, y=build()), rows, target=target, expected=lambda x: x @ expected)
    else:
        case(name, lambda x: mb.add(x=x, y=build()), np.zeros_like(expected), target=target, expected=lambda x: expected)


for kind, low, label in ((int4, -8, "int4"), (uint4, 0, "uint4"), (np.int8, -100, "int8"), (np.uint8, 0, "uint8")):
    for blocks in ((1, 1), (6, 1), (1, 8), (6, 4), (3, 8), (3, 4)):
        high = low + (200 if "8" in label else 16)
        data = RANDOM.randint(low, high, (6, 8))
        scale = positive(*blocks)
        offset = RANDOM.randint(low, high, blocks)

        def big(v, blocks=blocks):
            return v.repeat(6 // blocks[0], 0).repeat(8 // blocks[1], 1)

        weight(
            f"blockwise-{label}-{blocks[0]}x{blocks[1]}",
            lambda data=data, scale=scale, offset=offset, kind=kind: mb.constexpr_blockwise_shift_scale(
                data=data.astype(kind), scale=scale, offset=offset.astype(kind)
            ),
            (big(scale) * (data - big(offset))).astype(np.float32),
        )
data, scale, offset = RANDOM.randint(0, 16, (6, 8)), positive(6, 2), real(6, 2)
weight(
    "blockwise-real-offset",
    lambda data=data, scale=scale, offset=offset: mb.constexpr_blockwise_shift_scale(
        data=data.astype(uint4), scale=scale, offset=offset
    ),
    scale.repeat(4, 1) * (data - offset.repeat(4, 1)).astype(np.float32),
)
data4, scale4 = RANDOM.randint(-8, 8, (4, 6, 3, 3)), positive(4, 2, 1, 1)
weight(
    "blockwise-conv",
    lambda: mb.constexpr_blockwise_shift_scale(data=data4.astype(int4), scale=scale4),
    scale4.repeat(3, 1) * data4.astype(np.float32),
)
for bits in (1, 2, 3, 4, 6, 8):
    kind = types.nptype_from_builtin(types.string_to_builtin(f"uint{bits}"))
    indices = RANDOM.randint(0, 2**bits, (6, 8))
    table = real(3, 1, 2**bits, 1)
    weight(
        f"palette-{bits}",
        lambda kind=kind, indices=indices, table=table: mb.constexpr_lut_to_dense(indices=indices.astype(kind), lut=table),
        np.stack([table[i // 2, 0, indices[i], 0] for i in range(6)]),
    )
kind = types.nptype_from_builtin(types.uint2)
VI, VT = RANDOM.randint(0, 4, (3, 8)), real(1, 1, 4, 2)
weight(
    "palette-vector",
    lambda: mb.constexpr_lut_to_dense(indices=VI.astype(kind), lut=VT, vector_axis=0),
    VT[0, 0][VI].transpose(0, 2, 1).reshape(6, 8),
)
MASK = RANDOM.randint(0, 2, (6, 8))
FULL = real(6, 8) * MASK.astype(np.float32)
weight(
    "sparse",
    lambda: mb.constexpr_sparse_to_dense(nonzero_data=FULL[MASK != 0], mask=MASK.astype(types.nptype_from_builtin(types.uint1))),
    FULL,
)
B8 = RANDOM.randint(-100, 100, (6, 8)).astype(np.int8)
weight(
    "affine8",
    lambda: mb.constexpr_affine_dequantize(quantized_data=B8, zero_point=np.int8(3), scale=V.repeat(2), axis=0),
    V.repeat(2)[:, None] * (B8.astype(np.float32) - 3),
    IOS16,
)
L16 = real(16)
PACKED = RANDOM.randint(0, 256, 24).astype(np.uint8)
weight(
    "palette-packed",
    lambda: mb.constexpr_lut_to_dense(indices=PACKED, lut=L16, shape=np.array([6, 8], np.uint32)),
    L16[np.stack((PACKED & 15, PACKED >> 4), 1).reshape(6, 8)],
    IOS16,
)
BITS = np.packbits(MASK.reshape(-1).astype(np.uint8), bitorder="little")
weight(
    "sparse-packed",
    lambda: mb.constexpr_sparse_to_dense(nonzero_data=FULL[MASK != 0], mask=BITS, shape=np.array([6, 8], np.uint32)),
    FULL,
    IOS16,
)
HALF = real(6, 8).astype(np.float16)
weight("widened", lambda: mb.constexpr_cast(source_val=HALF, output_dtype="fp32"), HALF.astype(np.float32), IOS16)
