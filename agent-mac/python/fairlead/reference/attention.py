"""Rotary positions and scaled dot-product attention, as MLX keeps them whole on a GPU."""

from collections.abc import Sequence

import numpy as np

from fairlead.reference.call import Call, Function, Refusal
from fairlead.reference.reduction import softmax


def _rope(call: Call) -> np.ndarray:
    """Turns pairs of the first `dims` features of x (B, …, T, D) by position times frequency; the other features stay.

    The position of row t is (t + offset)·scale, the frequency of pair i is base^(-2i/dims), or one over freqs[i]. Traditional
    pairs are (2i, 2i+1), the others (i, i + dims/2). The offset is one number, or one for each of the B.
    """
    x, offset, *freqs = call.inputs
    dims, traditional, base, scale, forward = call.arguments
    half = dims // 2
    frequency = 1 / freqs[0] if freqs else base ** (-np.arange(half) / half)
    position = (np.arange(x.shape[-2]) + offset.reshape(-1, *(1,) * (x.ndim - 2))) * scale
    angle = position[..., None] * frequency
    cosine, sine = np.cos(angle), np.sin(angle) if forward else -np.sin(angle)
    even, odd = (slice(0, dims, 2), slice(1, dims, 2)) if traditional else (slice(0, half), slice(half, dims))
    result = x.copy()
    result[..., even] = x[..., even] * cosine - x[..., odd] * sine
    result[..., odd] = x[..., even] * sine + x[..., odd] * cosine
    return result


def _attention(call: Call) -> np.ndarray:
    """softmax(scale · q kᵀ + mask) v, for q (B, N, Tq, D), k and v (B, Nkv, Tk, …); N/Nkv query heads share a key head.

    A causal mask lets the last query see the last key. A boolean mask keeps what is true; what it drops gets the smallest
    finite score, so that a row without any key is the mean of v. A sink is a further score of its head, with no value.
    """
    query, key, value, *more = call.inputs
    # the state has grown over MLX's versions; what follows is how, not what, it computes
    scale, causal, has_sinks, *_ = call.arguments
    sinks = more.pop() if has_sinks else None
    shared = query.shape[1] // key.shape[1]
    scores = scale * query @ np.swapaxes(key.repeat(shared, axis=1), -1, -2)
    if causal:
        rows, columns = scores.shape[-2:]
        more.append(np.arange(rows)[:, None] + columns - rows >= np.arange(columns))
    for mask in more:
        scores = np.where(mask, scores, np.finfo(np.float32).min) if mask.dtype == np.bool_ else scores + mask
    if sinks is not None:
        sink = np.broadcast_to(sinks.reshape(-1, 1, 1), (*scores.shape[:-1], 1))
        scores = np.concatenate([sink, scores], axis=-1)
    weights = softmax(scores)
    return weights[..., 0 if sinks is None else 1 :] @ value.repeat(shared, axis=1)


def _refused(inputs: int, arguments: Sequence[object]) -> str | None:
    return "with its log-sum-exp" if len(arguments) > 3 and arguments[3] else None


TABLE: dict[str, Function] = {"RoPE": _rope, "ScaledDotProductAttention": _attention}
REFUSALS: dict[str, Refusal] = {"ScaledDotProductAttention": _refused}
