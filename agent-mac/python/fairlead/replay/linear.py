"""Matrix products and convolutions."""

import mlx.core as mx

from fairlead.replay import picked
from fairlead.replay.call import Call, Replay, of_inputs


def _add_mm(call: Call) -> mx.array:
    one, other, added = call.inputs
    alpha, beta = call.arguments
    return mx.addmm(added, one, other, alpha=alpha, beta=beta)


def _convolution(call: Call) -> mx.array:
    stride, low, high, kernel_dilation, input_dilation, groups, flip = call.arguments
    return mx.conv_general(
        *call.inputs,
        stride=stride,
        padding=(low, high),
        kernel_dilation=kernel_dilation,
        input_dilation=input_dilation,
        groups=groups,
        flip=flip,
    )


def _quantized_matmul(call: Call) -> mx.array:
    array, weight, scales, *biases = call.inputs
    group_size, bits, mode, transpose = call.arguments
    return mx.quantized_matmul(
        array,
        weight,
        scales,
        biases[0] if biases else None,
        transpose=transpose,
        group_size=group_size,
        bits=bits,
        mode=picked.MODES[mode],
    )


def _inverse(call: Call) -> mx.array:
    triangular, upper = call.arguments
    # MLX inverts on the CPU only
    if triangular:
        return mx.linalg.tri_inv(call.inputs[0], upper=upper, stream=mx.cpu)
    return mx.linalg.inv(call.inputs[0], stream=mx.cpu)


TABLE: dict[str, Replay] = {
    "AddMM": _add_mm,
    "Convolution": _convolution,
    "Inverse": _inverse,
    "Matmul": of_inputs(mx.matmul),
    "QuantizedMatmul": _quantized_matmul,
}
TABLE |= picked.TABLE
