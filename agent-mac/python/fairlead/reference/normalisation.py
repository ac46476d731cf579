"""RMSNorm and LayerNorm over the last axis, as MLX keeps them whole on a GPU, with their gradients."""

import numpy as np

from fairlead.reference.call import Call, Function


def _rms_norm(call: Call) -> np.ndarray:
    """x / sqrt(mean(x²) + eps) · weight; a scalar stands for a weight that isn't there."""
    x, weight = call.inputs
    (eps,) = call.arguments
    return x / _root_mean_square(x, eps) * (weight if weight.ndim else 1)


def _root_mean_square(x: np.ndarray, eps: float) -> np.ndarray:
    return np.sqrt(np.mean(np.square(x), axis=-1, keepdims=True) + eps)


def _layer_norm(call: Call) -> np.ndarray:
    """(x - mean(x)) / sqrt(var(x) + eps) · weight + bias; a scalar stands for a weight or bias that isn't there."""
    x, weight, bias = call.inputs
    (eps,) = call.arguments
    centred = x - np.mean(x, axis=-1, keepdims=True)
    return centred / _root_mean_square(centred, eps) * (weight if weight.ndim else 1) + (bias if bias.ndim else 0)


def _rms_norm_gradients(call: Call) -> list[np.ndarray]:
    """Those of x and weight, from x, weight and the result's gradient."""
    x, weight, gradient = call.inputs
    (eps,) = call.arguments
    root = _root_mean_square(x, eps)
    return [_through_root(x, root, gradient * (weight if weight.ndim else 1)), _of_weight(weight, gradient * x / root)]


def _layer_norm_gradients(call: Call) -> list[np.ndarray]:
    """Those of x, weight and bias, from x, weight, bias and the result's gradient."""
    x, weight, bias, gradient = call.inputs
    (eps,) = call.arguments
    centred = x - np.mean(x, axis=-1, keepdims=True)
    root = _root_mean_square(centred, eps)
    of_centred = _through_root(centred, root, gradient * (weight if weight.ndim else 1))
    of_x = of_centred - np.mean(of_centred, axis=-1, keepdims=True)
    return [of_x, _of_weight(weight, gradient * centred / root), _of_weight(bias, gradient)]


def _through_root(x: np.ndarray, root: np.ndarray, gradient: np.ndarray) -> np.ndarray:
    """The gradient of x where `gradient` is that of x / root."""
    return gradient / root - x * np.mean(gradient * x, axis=-1, keepdims=True) / root**3


def _of_weight(weight: np.ndarray, gradients: np.ndarray) -> np.ndarray:
    if not weight.ndim:
        return np.zeros_like(weight)
    return gradients.reshape(-1, gradients.shape[-1]).sum(axis=0)


TABLE: dict[str, Function] = {
    "LayerNorm": _layer_norm,
    "LayerNormVJP": _layer_norm_gradients,
    "RMSNorm": _rms_norm,
    "RMSNormVJP": _rms_norm_gradients,
}
