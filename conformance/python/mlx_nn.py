"""Cases of every layer and every loss of mlx.nn."""

from collections.abc import Callable

import mlx.core as mx
import mlx.nn as nn

from cases import Cases, booleans, generator, integers, main, normal, uniform

# What each name of mlx.nn is that is no layer, activation or loss.
NO_LAYER = {
    "module of Python": "activations base containers convolution convolution_transpose distributed dropout embedding init layers "
    "linear losses normalization pooling positional_encoding quantized recurrent transformer upsample utils",
    "base class": "Module",
    "training": "average_gradients fully_shard quantize value_and_grad",
    "needs several machines": "AllToShardedLinear FullyShardedModule QuantizedAllToShardedLinear QuantizedShardedToAllLinear "
    "ShardedToAllLinear",
}
HALVES = (mx.float16, mx.bfloat16)


def seeded(name: str, make: Callable[[], nn.Module], dtype: mx.Dtype = mx.float32) -> nn.Module:
    """A layer in evaluation mode whose parameters depend on the name alone, none of them at its neutral initial value."""
    layer = make()
    rng = generator(name)
    layer.apply(lambda p: normal(rng, *p.shape, dtype=dtype, scale=0.3) + 0.1 if mx.issubdtype(p.dtype, mx.floating) else p)
    layer.eval()
    mx.eval(layer.parameters())
    return layer


def activations(cases: Cases) -> None:
    layers: dict[str, Callable[[], nn.Module]] = {
        "CELU": lambda: nn.CELU(1.5),
        "ELU": lambda: nn.ELU(0.7),
        "GELU": nn.GELU,
        "GELU-precise": lambda: nn.GELU("precise"),
        "GELU-fast": lambda: nn.GELU("fast"),
        "GLU": nn.GLU,
        "HardShrink": nn.HardShrink,
        "HardTanh": nn.HardTanh,
        "Hardswish": nn.Hardswish,
        "Identity": nn.Identity,
        "LeakyReLU": nn.LeakyReLU,
        "LogSigmoid": nn.LogSigmoid,
        "LogSoftmax": nn.LogSoftmax,
        "Mish": nn.Mish,
        "ReLU": nn.ReLU,
        "ReLU2": nn.ReLU2,
        "ReLU6": nn.ReLU6,
        "SELU": nn.SELU,
        "Sigmoid": nn.Sigmoid,
        "SiLU": nn.SiLU,
        "Softmax": nn.Softmax,
        "Softmin": nn.Softmin,
        "Softplus": nn.Softplus,
        "Softshrink": nn.Softshrink,
        "Softsign": nn.Softsign,
        "Step": lambda: nn.Step(0.2),
        "Tanh": nn.Tanh,
        "PReLU": lambda: nn.PReLU(1, 0.3),
        "Dropout": nn.Dropout,
        "Dropout2d": nn.Dropout2d,
        "Dropout3d": nn.Dropout3d,
    }
    for name, make in layers.items():
        for dtype in (mx.float32, *HALVES):
            case = f"nn.{name}-{str(dtype).removeprefix('mlx.core.')}"
            shape = (2, 3, 3, 4, 6) if name == "Dropout3d" else (2, 3, 4, 6)
            layer = make()
            layer.eval()
            if name == "PReLU":
                layer.set_dtype(dtype)
            mx.eval(layer.parameters())
            x = normal(generator(case), *shape, dtype=dtype, scale=2)
            if name in ("Identity", *(n for n in layers if n.startswith("Dropout"))):
                cases.add(case, lambda x, f=layer: f(x) + 1, {"x": x}, weights=layer)
            else:
                cases.add(case, layer, {"x": x})
    functions = (
        "celu elu gelu gelu_approx gelu_fast_approx glu hard_shrink hard_tanh hardswish leaky_relu log_sigmoid log_softmax mish "
        "relu "
        "relu2 relu6 selu sigmoid silu softmax softmin softplus softshrink softsign step tanh"
    )
    for name in functions.split():
        cases.add(f"nn.{name}", getattr(nn, name), {"x": normal(generator(name), 3, 8, scale=2)})
        if name not in ("glu",):
            special = mx.array([0.0, -0.0, mx.inf, -mx.inf, mx.nan, 90.0, -90.0, 1e-30])
            cases.add(f"nn.{name}-special", getattr(nn, name), {"x": special})
    rng = generator("prelu")
    cases.add("nn.prelu", nn.prelu, {"x": normal(rng, 3, 8), "alpha": normal(rng, 8)})


def layers(cases: Cases) -> None:
    rng = generator("layers")

    def add(name: str, make: Callable[[], nn.Module], *inputs: mx.array, dims: tuple | None = None) -> None:
        layer = seeded(name, make)
        named = {f"x{i}" if i else "x": value for i, value in enumerate(inputs)}
        cases.add(f"nn.{name}", layer, named, dims={"x": dims} if dims else None)
        if name.split("-")[0] in ("Linear", "Conv2d", "LayerNorm", "RMSNorm", "MultiHeadAttention", "LSTM", "GroupNorm"):
            for dtype in HALVES:
                half = seeded(name, make, dtype)
                halves = {key: v.astype(dtype) if v.dtype == mx.float32 else v for key, v in named.items()}
                cases.add(f"nn.{name}-{str(dtype).removeprefix('mlx.core.')}", half, halves)

    flat = normal(rng, 4, 16)
    sequence = normal(rng, 2, 5, 16)
    image = normal(rng, 2, 8, 10, 4)
    line = normal(rng, 2, 12, 4)
    volume = normal(rng, 2, 6, 5, 7, 4)
    add("Linear", lambda: nn.Linear(16, 6), flat, dims=("batch", 16))
    add("Linear-sequence", lambda: nn.Linear(16, 6, bias=False), sequence, dims=("batch", "sequence", 16))
    add("Bilinear", lambda: nn.Bilinear(16, 8, 5), flat, normal(rng, 4, 8))
    add("Embedding", lambda: nn.Embedding(20, 6), integers(rng, 0, 20, 3, 4), dims=("batch", "sequence"))
    add("Sequential", lambda: nn.Sequential(nn.Linear(16, 8), nn.ReLU(), nn.Linear(8, 3)), flat)
    for rank, x in ((1, line), (2, image), (3, volume)):
        conv = getattr(nn, f"Conv{rank}d")
        add(f"Conv{rank}d", lambda c=conv: c(4, 6, 3), x)
        add(f"Conv{rank}d-options", lambda c=conv: c(4, 6, 3, stride=2, padding=1, bias=False), x)
        transposed = getattr(nn, f"ConvTranspose{rank}d")
        add(f"ConvTranspose{rank}d", lambda c=transposed: c(4, 6, 3, stride=2, padding=1), x)
        for kind in ("Max", "Avg"):
            pool = getattr(nn, f"{kind}Pool{rank}d")
            add(f"{kind}Pool{rank}d", lambda p=pool: p(2), x)
            add(f"{kind}Pool{rank}d-options", lambda p=pool: p(3, stride=2, padding=1), x)
            add(f"{kind}Pool{rank}d-batch", lambda p=pool: p(2, stride=2), x, dims=("batch", *x.shape[1:]))
    add("Conv2d-grouped", lambda: nn.Conv2d(4, 6, 3, groups=2), image)
    add("Conv2d-depthwise", lambda: nn.Conv2d(4, 4, 3, padding=1, groups=4), image)
    add("Conv2d-dilated", lambda: nn.Conv2d(4, 6, 3, dilation=2), image)
    for name, make in {
        "LayerNorm": lambda: nn.LayerNorm(16),
        "LayerNorm-plain": lambda: nn.LayerNorm(16, affine=False),
        "LayerNorm-no-bias": lambda: nn.LayerNorm(16, bias=False),
        "RMSNorm": lambda: nn.RMSNorm(16),
        "GroupNorm": lambda: nn.GroupNorm(4, 16),
        "GroupNorm-pytorch": lambda: nn.GroupNorm(4, 16, pytorch_compatible=True),
        "GroupNorm-plain": lambda: nn.GroupNorm(2, 16, affine=False),
        "InstanceNorm": lambda: nn.InstanceNorm(16),
        "InstanceNorm-affine": lambda: nn.InstanceNorm(16, affine=True),
    }.items():
        add(name, make, sequence)
    for name, make in {"BatchNorm": lambda: nn.BatchNorm(16), "BatchNorm-plain": lambda: nn.BatchNorm(16, affine=False)}.items():
        layer = make()
        layer.running_mean = normal(rng, 16)
        layer.running_var = uniform(rng, 0.5, 2, 16)
        layer.eval()
        mx.eval(layer.parameters())
        cases.add(f"nn.{name}", layer, {"x": sequence}, dims={"x": ("batch", "sequence", 16)})
    add("ALiBi", lambda: _Alibi(), normal(rng, 2, 4, 5, 5))
    add("RoPE", lambda: nn.RoPE(16), normal(rng, 2, 4, 5, 16))
    add("RoPE-traditional", lambda: nn.RoPE(8, traditional=True), normal(rng, 2, 4, 5, 16))
    add("SinusoidalPositionalEncoding", lambda: nn.SinusoidalPositionalEncoding(16), mx.arange(6).astype(mx.float32))
    for mode in ("nearest", "linear", "cubic"):
        for align in (False, True):
            for scale in (2.0, (1.5, 2.0)):
                if mode == "nearest" and align:
                    continue
                ends = "corners" if align else "centres"
                case = f"Upsample-{mode}-{ends}-{str(scale).strip('()').replace(', ', 'x')}"
                add(case, lambda s=scale, m=mode, a=align: nn.Upsample(s, m, a), image)
    add("Upsample-line", lambda: nn.Upsample(2.0, "linear"), line)
    add("RNN", lambda: nn.RNN(16, 6), sequence)
    add("GRU", lambda: nn.GRU(16, 6), sequence)
    add("LSTM", lambda: nn.LSTM(16, 6), sequence)
    add("MultiHeadAttention", lambda: nn.MultiHeadAttention(16, 4), sequence, sequence + 1, sequence - 1)
    add(
        "MultiHeadAttention-mask",
        lambda: nn.MultiHeadAttention(16, 4, bias=True),
        sequence,
        sequence + 1,
        sequence - 1,
        _causal(5),
    )
    add("TransformerEncoder", lambda: nn.TransformerEncoder(2, 16, 4, 32, norm_first=True), sequence, _causal(5))
    add("TransformerEncoder-last", lambda: nn.TransformerEncoder(1, 16, 4, norm_first=False), sequence, _causal(5))
    add("TransformerEncoderLayer", lambda: nn.TransformerEncoderLayer(16, 4, 32), sequence, _causal(5))
    add("TransformerDecoder", lambda: nn.TransformerDecoder(1, 16, 4, 32), sequence, sequence + 1, _causal(5), _causal(5) * 0)
    add(
        "TransformerDecoderLayer",
        lambda: nn.TransformerDecoderLayer(16, 4, 32),
        sequence,
        sequence + 1,
        _causal(5),
        _causal(5) * 0,
    )
    add(
        "Transformer", lambda: nn.Transformer(16, 4, 1, 1, 32), sequence, sequence + 1, _causal(5), _causal(5) * 0, _causal(5) * 0
    )
    for bits in (2, 4, 8):
        layer = nn.QuantizedLinear.from_linear(seeded(f"QuantizedLinear{bits}", lambda: nn.Linear(64, 32)), 32, bits)
        mx.eval(layer.parameters())
        cases.add(f"nn.QuantizedLinear-{bits}", layer, {"x": normal(rng, 3, 64)})
        layer = nn.QuantizedEmbedding.from_embedding(seeded(f"QuantizedEmbedding{bits}", lambda: nn.Embedding(32, 64)), 32, bits)
        mx.eval(layer.parameters())
        cases.add(f"nn.QuantizedEmbedding-{bits}", layer, {"x": integers(rng, 0, 32, 2, 3)}, dims={"x": ("batch", "sequence")})
        cases.add(f"nn.QuantizedEmbedding-as-linear-{bits}", layer.as_linear, {"x": normal(rng, 3, 64)}, weights=layer)
    layer = nn.QQLinear(64, 32)
    mx.eval(layer.parameters())
    cases.add("nn.QQLinear", layer, {"x": normal(rng, 4, 64)})


class _Alibi(nn.Module):
    """Attention scores with the position bias."""

    def __init__(self) -> None:
        super().__init__()
        self.alibi = nn.ALiBi()

    def __call__(self, x: mx.array) -> mx.array:
        return self.alibi(x)


def _causal(size: int) -> mx.array:
    mask = nn.MultiHeadAttention.create_additive_causal_mask(size)
    mx.eval(mask)
    return mask


def losses(cases: Cases) -> None:
    rng = generator("losses")
    a, b = normal(rng, 4, 6), normal(rng, 4, 6)
    classes = integers(rng, 0, 6, 4)
    probabilities = uniform(rng, 0.05, 0.95, 4, 6)
    for reduction in ("none", "mean", "sum"):
        pairs: dict[str, tuple[Callable[..., mx.array], dict[str, mx.array]]] = {
            "cross_entropy": (nn.losses.cross_entropy, {"a": a, "t": classes}),
            "cross_entropy-smooth": (
                lambda a, t, reduction: nn.losses.cross_entropy(a, t, label_smoothing=0.1, reduction=reduction),
                {"a": a, "t": classes},
            ),
            "cross_entropy-probabilities": (nn.losses.cross_entropy, {"a": a, "t": mx.softmax(b, axis=-1)}),
            "cross_entropy-weights": (
                lambda a, t, w, reduction: nn.losses.cross_entropy(a, t, w, reduction=reduction),
                {"a": a, "t": classes, "w": uniform(rng, 0, 1, 4)},
            ),
            "binary_cross_entropy": (nn.losses.binary_cross_entropy, {"a": a, "t": booleans(rng, 4, 6).astype(mx.float32)}),
            "binary_cross_entropy-probabilities": (
                lambda a, t, reduction: nn.losses.binary_cross_entropy(a, t, with_logits=False, reduction=reduction),
                {"a": probabilities, "t": booleans(rng, 4, 6).astype(mx.float32)},
            ),
            "l1_loss": (nn.losses.l1_loss, {"a": a, "b": b}),
            "mse_loss": (nn.losses.mse_loss, {"a": a, "b": b}),
            "nll_loss": (nn.losses.nll_loss, {"a": a, "t": classes}),
            "gaussian_nll_loss": (nn.losses.gaussian_nll_loss, {"a": a, "b": b, "v": uniform(rng, 0.1, 2, 4, 6)}),
            "gaussian_nll_loss-full": (
                lambda a, b, v, reduction: nn.losses.gaussian_nll_loss(a, b, v, full=True, reduction=reduction),
                {"a": a, "b": b, "v": uniform(rng, 0.1, 2, 4, 6)},
            ),
            "kl_div_loss": (nn.losses.kl_div_loss, {"a": nn.log_softmax(a), "b": nn.log_softmax(b)}),
            "smooth_l1_loss": (nn.losses.smooth_l1_loss, {"a": a, "b": b}),
            "triplet_loss": (nn.losses.triplet_loss, {"a": a, "b": b, "c": normal(rng, 4, 6)}),
            "hinge_loss": (nn.losses.hinge_loss, {"a": a, "b": mx.sign(b)}),
            "huber_loss": (nn.losses.huber_loss, {"a": a, "b": b}),
            "log_cosh_loss": (nn.losses.log_cosh_loss, {"a": a, "b": b}),
            "cosine_similarity_loss": (nn.losses.cosine_similarity_loss, {"a": a, "b": b}),
            "margin_ranking_loss": (nn.losses.margin_ranking_loss, {"a": a[:, 0], "b": b[:, 0], "t": mx.sign(b[:, 1])}),
        }
        for name, (loss, inputs) in pairs.items():
            mx.eval(list(inputs.values()))
            cases.add(f"nn.losses.{name}-{reduction}", lambda *x, f=loss, r=reduction: f(*x, reduction=r), inputs)


def check_coverage(cases: Cases) -> None:
    """Every name of mlx.nn and its losses is a case's or is no layer."""
    known = {name for names in NO_LAYER.values() for name in names.split()}
    covered = {entry.split("-")[0] for entry in cases.names()}
    public = [f"nn.{name}" for name in dir(nn) if not name.startswith("_") and name not in known]
    public += [
        f"nn.losses.{name}"
        for name in dir(nn.losses)
        if getattr(getattr(nn.losses, name), "__module__", "") == nn.losses.__name__
    ]
    missing = [name for name in public if name not in covered and not name.startswith("nn.losses._")]
    if missing:
        raise SystemExit(f"no case of {', '.join(missing)}")


def make(cases: Cases) -> None:
    activations(cases)
    layers(cases)
    losses(cases)
    check_coverage(cases)


if __name__ == "__main__":
    main(make)
