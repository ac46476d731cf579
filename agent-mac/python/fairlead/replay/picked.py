"""Products of matrices that are picked by an index or masked by blocks, and what else takes matrices whole."""

import mlx.core as mx

from fairlead.replay.call import Call, Replay

MODES = ("affine", "mxfp4", "mxfp8", "nvfp4")


def _gather_mm(call: Call) -> mx.array:
    one, other, lefts, rights = call.inputs
    _, right_sorted = call.arguments
    return mx.gather_mm(one, other, lefts, rights, sorted_indices=right_sorted)


def _gather_qmm(call: Call) -> mx.array:
    array, weight, scales, *biases, lefts, rights = call.inputs
    group_size, bits, mode, transpose, _, right_sorted = call.arguments
    return mx.gather_qmm(
        array,
        weight,
        scales,
        biases[0] if biases else None,
        lefts,
        rights,
        transpose=transpose,
        group_size=group_size,
        bits=bits,
        mode=MODES[mode],
        sorted_indices=right_sorted,
    )


def _block_masked_mm(call: Call) -> mx.array:
    one, other, *masks = call.inputs
    (block,) = call.arguments
    # the result's mask comes first, then those of the operands
    result = masks.pop(0) if len(masks) in (1, 3) else None
    return mx.block_masked_mm(one, other, block, result, *masks)


def _quantize(call: Call) -> mx.array | list[mx.array]:
    group_size, bits, mode, dequantize = call.arguments
    settings = {"group_size": group_size, "bits": bits, "mode": MODES[mode]}
    if dequantize:
        return mx.dequantize(*call.inputs, **settings, dtype=call.dtypes[0])
    return list(mx.quantize(*call.inputs, **settings))


def _hadamard(call: Call) -> mx.array:
    (scale,) = call.arguments
    return mx.hadamard_transform(call.inputs[0], scale)


def _search_sorted(call: Call) -> mx.array:
    (right,) = call.arguments
    return mx.searchsorted(*call.inputs, side="right" if right else "left")


TABLE: dict[str, Replay] = {
    "BlockMaskedMM": _block_masked_mm,
    "GatherMM": _gather_mm,
    "GatherQMM": _gather_qmm,
    "Hadamard": _hadamard,
    "Quantize": _quantize,
    "SearchSorted": _search_sorted,
}
