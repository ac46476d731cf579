"""Primitives that MLX keeps whole on a GPU; on a CPU the same calls decompose."""

import mlx.core as mx

from fairlead.replay.call import Call, Replay


def _optional(array: mx.array) -> mx.array | None:
    # MLX puts a scalar in the place of a weight that isn't there
    return array if array.ndim else None


def _rms_norm(call: Call) -> mx.array:
    array, weight = call.inputs
    (eps,) = call.arguments
    return mx.fast.rms_norm(array, _optional(weight), eps)


def _layer_norm(call: Call) -> mx.array:
    array, weight, bias = call.inputs
    (eps,) = call.arguments
    return mx.fast.layer_norm(array, _optional(weight), _optional(bias), eps)


def _rope(call: Call) -> mx.array:
    array, offset, *freqs = call.inputs
    dims, traditional, base, scale, forward = call.arguments
    if not forward:
        raise ValueError("a backward rotation has no replay")
    return mx.fast.rope(
        array,
        dims,
        traditional=traditional,
        base=None if freqs else base,
        scale=scale,
        offset=offset,
        freqs=freqs[0] if freqs else None,
    )


def _attention(call: Call) -> mx.array:
    query, key, value, *more = call.inputs
    # the state has grown over MLX's versions; what follows is only how, not what, it computes
    scale, causal, has_sinks, log_sum_exp, *_ = (*call.arguments, False)
    if log_sum_exp:
        raise ValueError("attention that also returns its log-sum-exp has no replay")
    sinks = more.pop() if has_sinks else None
    mask = "causal" if causal else more.pop() if more else None
    return mx.fast.scaled_dot_product_attention(query, key, value, scale=scale, mask=mask, sinks=sinks)


TABLE: dict[str, Replay] = {
    "LayerNorm": _layer_norm,
    "RMSNorm": _rms_norm,
    "RoPE": _rope,
    "ScaledDotProductAttention": _attention,
}
