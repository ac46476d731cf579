"""Every layer and loss of mlx.nn, and the examples' networks, in the reference against MLX in float32."""

from collections.abc import Callable, Iterator

import mlx.core as mx
import mlx.nn as nn
import prototypes
import pytest
from mlx.utils import tree_map
from references import check, compare, fractions, real, reference_of, whole

IMAGE, LINE, VOLUME = real(2, 8, 8, 6), real(2, 9, 6), real(1, 6, 6, 6, 2)
VECTORS = real(3, 5, 8)


@pytest.fixture(autouse=True)
def uncompiled() -> Iterator[None]:
    """Compiled functions take seconds to compile, and MLX can't export one that works on constants alone."""
    mx.disable_compile()
    yield
    mx.enable_compile()


def causal(size: int) -> mx.array:
    return nn.MultiHeadAttention.create_additive_causal_mask(size)


LAYERS: dict[str, tuple[Callable[[], nn.Module], tuple[mx.array, ...]]] = {
    "ALiBi": (nn.ALiBi, (real(1, 4, 5, 5),)),
    "AvgPool1d": (lambda: nn.AvgPool1d(3, 2, padding=1), (LINE,)),
    "AvgPool2d": (lambda: nn.AvgPool2d(2), (IMAGE,)),
    "AvgPool3d": (lambda: nn.AvgPool3d(2), (VOLUME,)),
    "BatchNorm": (lambda: nn.BatchNorm(6), (IMAGE,)),
    "Bilinear": (lambda: nn.Bilinear(8, 8, 4), (VECTORS, VECTORS + 1)),
    "CELU": (nn.CELU, (VECTORS,)),
    "Conv1d": (lambda: nn.Conv1d(6, 4, 3, stride=2, padding=1), (LINE,)),
    "Conv2d": (lambda: nn.Conv2d(6, 4, 3, dilation=2, groups=2), (IMAGE,)),
    "Conv3d": (lambda: nn.Conv3d(2, 3, 3, padding=1), (VOLUME,)),
    "ConvTranspose1d": (lambda: nn.ConvTranspose1d(6, 4, 3, stride=2, output_padding=1), (LINE,)),
    "ConvTranspose2d": (lambda: nn.ConvTranspose2d(6, 4, 3, stride=2, padding=1), (IMAGE,)),
    "ConvTranspose3d": (lambda: nn.ConvTranspose3d(2, 3, 2, stride=2), (VOLUME,)),
    "Dropout": (lambda: nn.Dropout(0.5), (VECTORS,)),
    "ELU": (nn.ELU, (VECTORS,)),
    "Embedding": (lambda: nn.Embedding(11, 6), (whole(3, 4, low=0, high=11),)),
    "GELU": (nn.GELU, (VECTORS,)),
    "GELU by tanh": (lambda: nn.GELU("tanh"), (VECTORS,)),
    "GELU by sigmoid": (lambda: nn.GELU("fast"), (VECTORS,)),
    "GLU": (nn.GLU, (VECTORS,)),
    "GRU": (lambda: nn.GRU(8, 5), (VECTORS,)),
    "GroupNorm": (lambda: nn.GroupNorm(2, 6), (IMAGE,)),
    "GroupNorm as in torch": (lambda: nn.GroupNorm(3, 6, pytorch_compatible=True), (IMAGE,)),
    "HardShrink": (nn.HardShrink, (VECTORS,)),
    "HardTanh": (nn.HardTanh, (VECTORS,)),
    "Hardswish": (nn.Hardswish, (4 * VECTORS,)),
    "InstanceNorm": (lambda: nn.InstanceNorm(6, affine=True), (IMAGE,)),
    "LSTM": (lambda: nn.LSTM(8, 5), (VECTORS,)),
    "LayerNorm": (lambda: nn.LayerNorm(8), (VECTORS,)),
    "LeakyReLU": (nn.LeakyReLU, (VECTORS,)),
    "Linear": (lambda: nn.Linear(8, 5), (VECTORS,)),
    "LogSigmoid": (nn.LogSigmoid, (VECTORS,)),
    "LogSoftmax": (nn.LogSoftmax, (VECTORS,)),
    "MaxPool1d": (lambda: nn.MaxPool1d(3, 2, padding=1), (LINE,)),
    "MaxPool2d": (lambda: nn.MaxPool2d(3, 2), (IMAGE,)),
    "MaxPool3d": (lambda: nn.MaxPool3d(2), (VOLUME,)),
    "Mish": (nn.Mish, (VECTORS,)),
    "MultiHeadAttention": (lambda: nn.MultiHeadAttention(8, 2, bias=True), (VECTORS, VECTORS, VECTORS)),
    "MultiHeadAttention with a mask": (lambda: nn.MultiHeadAttention(8, 2), (VECTORS, VECTORS, VECTORS, causal(5))),
    "PReLU": (nn.PReLU, (VECTORS,)),
    "QuantizedEmbedding": (lambda: nn.QuantizedEmbedding(11, 64), (whole(3, 4, low=0, high=11),)),
    "QuantizedLinear": (lambda: nn.QuantizedLinear(64, 32), (real(3, 64),)),
    "QuantizedLinear in three bits": (lambda: nn.QuantizedLinear(64, 32, bits=3), (real(3, 64),)),
    "RMSNorm": (lambda: nn.RMSNorm(8), (VECTORS,)),
    "RNN": (lambda: nn.RNN(8, 5), (VECTORS,)),
    "ReLU": (nn.ReLU, (VECTORS,)),
    "ReLU2": (nn.ReLU2, (VECTORS,)),
    "ReLU6": (nn.ReLU6, (9 * VECTORS,)),
    "RoPE": (lambda: nn.RoPE(8), (VECTORS,)),
    "RoPE of neighbours": (lambda: nn.RoPE(4, traditional=True, base=100, scale=0.5), (VECTORS,)),
    "SELU": (nn.SELU, (VECTORS,)),
    "SiLU": (nn.SiLU, (VECTORS,)),
    "SinusoidalPositionalEncoding": (lambda: nn.SinusoidalPositionalEncoding(8), (mx.arange(7),)),
    "Softmax": (nn.Softmax, (VECTORS,)),
    "Softmin": (nn.Softmin, (VECTORS,)),
    "Softplus": (nn.Softplus, (VECTORS,)),
    "Softshrink": (nn.Softshrink, (VECTORS,)),
    "Softsign": (nn.Softsign, (VECTORS,)),
    "Step": (nn.Step, (VECTORS,)),
    "Tanh": (nn.Tanh, (VECTORS,)),
    "Transformer": (lambda: nn.Transformer(8, 2, 1, 1, 12), (VECTORS, VECTORS + 1, causal(5), causal(5), causal(5))),
    "TransformerEncoder": (lambda: nn.TransformerEncoder(2, 8, 2, 12, norm_first=False), (VECTORS, causal(5))),
    "Upsample": (lambda: nn.Upsample(2), (IMAGE,)),
    "Upsample linear": (lambda: nn.Upsample((1.5, 2.0), mode="linear"), (IMAGE,)),
    "Upsample linear to the corners": (lambda: nn.Upsample(2.0, mode="linear", align_corners=True), (IMAGE,)),
    "Upsample cubic": (lambda: nn.Upsample(2.0, mode="cubic"), (IMAGE,)),
}


def moved(module: nn.Module) -> nn.Module:
    """Moves floating parameters off what they begin with, those of quantised layers by a little."""
    mx.random.seed(3)
    module.update(
        tree_map(lambda p: p * 1.25 + 0.1 * mx.random.normal(p.shape) if p.dtype == mx.float32 else p, module.parameters())
    )
    if isinstance(module, nn.BatchNorm):
        module.running_var = mx.abs(module.running_var)
    mx.eval(module.parameters())
    return module.eval()


@pytest.mark.parametrize("name", LAYERS)
def test_layers(name: str) -> None:
    made, arrays = LAYERS[name]
    # 1e-5 for most; products of float32 in a row of layers add up
    check(moved(made()), *arrays, tolerance=2e-5)


X, Y, P = real(4, 6), real(4, 6, seed=1), fractions(4, 6)
LABELS = mx.array([3, 0, 5, 2])
LOSSES: dict[str, Callable[[], mx.array]] = {
    "binary_cross_entropy": lambda: check(nn.losses.binary_cross_entropy, X, P),
    "binary_cross_entropy of chances": lambda: check(lambda x, y: nn.losses.binary_cross_entropy(x, y, with_logits=False), P, P),
    "cosine_similarity_loss": lambda: check(nn.losses.cosine_similarity_loss, X, Y),
    "cross_entropy": lambda: check(lambda x, y: nn.losses.cross_entropy(x, y, label_smoothing=0.1), X, LABELS),
    "cross_entropy of chances": lambda: check(nn.losses.cross_entropy, X, P),
    "gaussian_nll_loss": lambda: check(nn.losses.gaussian_nll_loss, X, Y, P),
    "hinge_loss": lambda: check(nn.losses.hinge_loss, X, mx.sign(Y)),
    "huber_loss": lambda: check(nn.losses.huber_loss, X, Y),
    "kl_div_loss": lambda: check(nn.losses.kl_div_loss, nn.log_softmax(X), nn.log_softmax(Y)),
    "l1_loss": lambda: check(nn.losses.l1_loss, X, Y),
    "log_cosh_loss": lambda: check(nn.losses.log_cosh_loss, X, Y),
    "margin_ranking_loss": lambda: check(nn.losses.margin_ranking_loss, X, Y, mx.sign(X)),
    "mse_loss": lambda: check(nn.losses.mse_loss, X, Y),
    "nll_loss": lambda: check(nn.losses.nll_loss, nn.log_softmax(X), LABELS),
    "smooth_l1_loss": lambda: check(nn.losses.smooth_l1_loss, X, Y),
    "triplet_loss": lambda: check(nn.losses.triplet_loss, X, Y, P),
}


@pytest.mark.parametrize("name", LOSSES)
def test_losses(name: str) -> None:
    LOSSES[name]()


@pytest.mark.parametrize("batch", [1, 7])
def test_the_digits_example(batch: int) -> None:
    module = prototypes.small_cnn()
    _, reference = reference_of(module, {"image": real(2, 8, 8, 1)}, dims=prototypes.CNN_DIMS, outputs=["logits"])
    image = real(batch, 8, 8, 1)
    compare(reference.run({"image": image})["logits"], module(image))


@pytest.mark.parametrize(("batch", "sequence"), [(1, 1), (4, 23)])
def test_the_encoder_example(batch: int, sequence: int) -> None:
    module = prototypes.tiny_encoder()
    _, reference = reference_of(module, prototypes.ENCODER_INPUTS, dims=prototypes.ENCODER_DIMS, outputs=["embedding"])
    inputs = {
        "input_ids": whole(batch, sequence, low=0, high=40),
        "attention_mask": (mx.arange(sequence)[None] < mx.maximum(1, sequence - mx.arange(batch))[:, None]).astype(mx.int32),
    }
    compare(reference.run(inputs)["embedding"], module(**inputs), 2e-5)
