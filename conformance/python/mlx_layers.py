"""Every layer and loss of mlx.nn as a case, with parameters off what they begin with."""

from collections.abc import Callable

import mlx.core as mx
import mlx.nn as nn
from cases import Cases, generator, integers, main, normal, uniform
from mlx.utils import tree_map

_RNG = generator("layers")
_IMAGE, _LINE, _VOLUME = normal(_RNG, 2, 8, 8, 6), normal(_RNG, 2, 9, 6), normal(_RNG, 1, 6, 6, 6, 2)
_VECTORS = normal(_RNG, 3, 5, 8)
_X, _Y, _P = normal(_RNG, 4, 6), normal(_RNG, 4, 6), uniform(_RNG, 0.05, 0.95, 4, 6)
_LABELS = mx.array([3, 0, 5, 2])


def _causal(size: int) -> mx.array:
    return nn.MultiHeadAttention.create_additive_causal_mask(size)


_LAYERS: dict[str, tuple[Callable[[], nn.Module], tuple[mx.array, ...]]] = {
    "ALiBi": (nn.ALiBi, (normal(_RNG, 1, 4, 5, 5),)),
    "AvgPool1d": (lambda: nn.AvgPool1d(3, 2, padding=1), (_LINE,)),
    "AvgPool2d": (lambda: nn.AvgPool2d(2), (_IMAGE,)),
    "AvgPool3d": (lambda: nn.AvgPool3d(2), (_VOLUME,)),
    "BatchNorm": (lambda: nn.BatchNorm(6), (_IMAGE,)),
    "Bilinear": (lambda: nn.Bilinear(8, 8, 4), (_VECTORS, _VECTORS + 1)),
    "CELU": (nn.CELU, (_VECTORS,)),
    "Conv1d": (lambda: nn.Conv1d(6, 4, 3, stride=2, padding=1), (_LINE,)),
    "Conv2d": (lambda: nn.Conv2d(6, 4, 3, dilation=2, groups=2), (_IMAGE,)),
    "Conv3d": (lambda: nn.Conv3d(2, 3, 3, padding=1), (_VOLUME,)),
    "ConvTranspose1d": (lambda: nn.ConvTranspose1d(6, 4, 3, stride=2, output_padding=1), (_LINE,)),
    "ConvTranspose2d": (lambda: nn.ConvTranspose2d(6, 4, 3, stride=2, padding=1), (_IMAGE,)),
    "ConvTranspose3d": (lambda: nn.ConvTranspose3d(2, 3, 2, stride=2), (_VOLUME,)),
    "Dropout": (lambda: nn.Dropout(0.5), (_VECTORS,)),
    "ELU": (nn.ELU, (_VECTORS,)),
    "Embedding": (lambda: nn.Embedding(11, 6), (integers(_RNG, 0, 11, 3, 4),)),
    "GELU": (nn.GELU, (_VECTORS,)),
    "GELU-by-tanh": (lambda: nn.GELU("tanh"), (_VECTORS,)),
    "GELU-by-sigmoid": (lambda: nn.GELU("fast"), (_VECTORS,)),
    "GLU": (nn.GLU, (_VECTORS,)),
    "GRU": (lambda: nn.GRU(8, 5), (_VECTORS,)),
    "GroupNorm": (lambda: nn.GroupNorm(2, 6), (_IMAGE,)),
    "GroupNorm-as-in-torch": (lambda: nn.GroupNorm(3, 6, pytorch_compatible=True), (_IMAGE,)),
    "HardShrink": (nn.HardShrink, (_VECTORS,)),
    "HardTanh": (nn.HardTanh, (_VECTORS,)),
    "Hardswish": (nn.Hardswish, (4 * _VECTORS,)),
    "InstanceNorm": (lambda: nn.InstanceNorm(6, affine=True), (_IMAGE,)),
    "LSTM": (lambda: nn.LSTM(8, 5), (_VECTORS,)),
    "LayerNorm": (lambda: nn.LayerNorm(8), (_VECTORS,)),
    "LeakyReLU": (nn.LeakyReLU, (_VECTORS,)),
    "Linear": (lambda: nn.Linear(8, 5), (_VECTORS,)),
    "LogSigmoid": (nn.LogSigmoid, (_VECTORS,)),
    "LogSoftmax": (nn.LogSoftmax, (_VECTORS,)),
    "MaxPool1d": (lambda: nn.MaxPool1d(3, 2, padding=1), (_LINE,)),
    "MaxPool2d": (lambda: nn.MaxPool2d(3, 2), (_IMAGE,)),
    "MaxPool3d": (lambda: nn.MaxPool3d(2), (_VOLUME,)),
    "Mish": (nn.Mish, (_VECTORS,)),
    "MultiHeadAttention": (lambda: nn.MultiHeadAttention(8, 2, bias=True), (_VECTORS, _VECTORS, _VECTORS)),
    "MultiHeadAttention-with-a-mask": (lambda: nn.MultiHeadAttention(8, 2), (_VECTORS, _VECTORS, _VECTORS, _causal(5))),
    "PReLU": (nn.PReLU, (_VECTORS,)),
    "QuantizedEmbedding": (lambda: nn.QuantizedEmbedding(11, 64), (integers(_RNG, 0, 11, 3, 4),)),
    "QuantizedLinear": (lambda: nn.QuantizedLinear(64, 32), (normal(_RNG, 3, 64),)),
    "QuantizedLinear-in-three-bits": (lambda: nn.QuantizedLinear(64, 32, bits=3), (normal(_RNG, 3, 64),)),
    "RMSNorm": (lambda: nn.RMSNorm(8), (_VECTORS,)),
    "RNN": (lambda: nn.RNN(8, 5), (_VECTORS,)),
    "ReLU": (nn.ReLU, (_VECTORS,)),
    "ReLU2": (nn.ReLU2, (_VECTORS,)),
    "ReLU6": (nn.ReLU6, (9 * _VECTORS,)),
    "RoPE": (lambda: nn.RoPE(8), (_VECTORS,)),
    "RoPE-of-neighbours": (lambda: nn.RoPE(4, traditional=True, base=100, scale=0.5), (_VECTORS,)),
    "SELU": (nn.SELU, (_VECTORS,)),
    "SiLU": (nn.SiLU, (_VECTORS,)),
    "SinusoidalPositionalEncoding": (lambda: nn.SinusoidalPositionalEncoding(8), (mx.arange(7),)),
    "Softmax": (nn.Softmax, (_VECTORS,)),
    "Softmin": (nn.Softmin, (_VECTORS,)),
    "Softplus": (nn.Softplus, (_VECTORS,)),
    "Softshrink": (nn.Softshrink, (_VECTORS,)),
    "Softsign": (nn.Softsign, (_VECTORS,)),
    "Step": (nn.Step, (_VECTORS,)),
    "Tanh": (nn.Tanh, (_VECTORS,)),
    "Transformer": (lambda: nn.Transformer(8, 2, 1, 1, 12), (_VECTORS, _VECTORS + 1, _causal(5), _causal(5), _causal(5))),
    "TransformerEncoder": (lambda: nn.TransformerEncoder(2, 8, 2, 12, norm_first=False), (_VECTORS, _causal(5))),
    "Upsample": (lambda: nn.Upsample(2), (_IMAGE,)),
    "Upsample-linear": (lambda: nn.Upsample((1.5, 2.0), mode="linear"), (_IMAGE,)),
    "Upsample-linear-to-the-corners": (lambda: nn.Upsample(2.0, mode="linear", align_corners=True), (_IMAGE,)),
    "Upsample-cubic": (lambda: nn.Upsample(2.0, mode="cubic"), (_IMAGE,)),
}

_LOSSES: dict[str, tuple[Callable[..., mx.array], tuple[mx.array, ...]]] = {
    "binary_cross_entropy": (nn.losses.binary_cross_entropy, (_X, _P)),
    "binary_cross_entropy-of-chances": (lambda x, y: nn.losses.binary_cross_entropy(x, y, with_logits=False), (_P, _P)),
    "cosine_similarity_loss": (nn.losses.cosine_similarity_loss, (_X, _Y)),
    "cross_entropy": (lambda x, y: nn.losses.cross_entropy(x, y, label_smoothing=0.1), (_X, _LABELS)),
    "cross_entropy-of-chances": (nn.losses.cross_entropy, (_X, _P)),
    "gaussian_nll_loss": (nn.losses.gaussian_nll_loss, (_X, _Y, _P)),
    "hinge_loss": (nn.losses.hinge_loss, (_X, mx.sign(_Y))),
    "huber_loss": (nn.losses.huber_loss, (_X, _Y)),
    "kl_div_loss": (nn.losses.kl_div_loss, (nn.log_softmax(_X), nn.log_softmax(_Y))),
    "l1_loss": (nn.losses.l1_loss, (_X, _Y)),
    "log_cosh_loss": (nn.losses.log_cosh_loss, (_X, _Y)),
    "margin_ranking_loss": (nn.losses.margin_ranking_loss, (_X, _Y, mx.sign(_X))),
    "mse_loss": (nn.losses.mse_loss, (_X, _Y)),
    "nll_loss": (nn.losses.nll_loss, (nn.log_softmax(_X), _LABELS)),
    "smooth_l1_loss": (nn.losses.smooth_l1_loss, (_X, _Y)),
    "triplet_loss": (nn.losses.triplet_loss, (_X, _Y, _P)),
}


def _moved(module: nn.Module) -> nn.Module:
    mx.random.seed(3)
    module.update(
        tree_map(lambda p: p * 1.25 + 0.1 * mx.random.normal(p.shape) if p.dtype == mx.float32 else p, module.parameters())
    )
    if isinstance(module, nn.BatchNorm):
        module.running_var = mx.abs(module.running_var)
    mx.eval(module.parameters())
    return module.eval()


def make(cases: Cases) -> None:
    """All layers, then all losses."""
    # compiled functions take seconds to compile, and MLX can't export one that works on constants alone
    mx.disable_compile()
    for name, (build, arrays) in _LAYERS.items():
        module = _moved(build())
        cases.add(f"nn/{name}", module, {f"x{at}": array for at, array in enumerate(arrays)}, weights=module)
    for name, (loss, arrays) in _LOSSES.items():
        cases.add(f"losses/{name}", loss, {f"x{at}": array for at, array in enumerate(arrays)})


if __name__ == "__main__":
    main(make)
