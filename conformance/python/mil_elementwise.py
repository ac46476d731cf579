"""Elementwise operations, activations and reductions."""

import numpy as np
from coremltools.converters.mil import Builder as mb  # noqa: N813
from torch.nn import functional as F  # noqa: N812

from mil_cases import IOS16, case, positive, real, t, whole

X = real(2, 3, 4)
for op in ("abs", "ceil", "cos", "cosh", "erf", "exp", "exp2", "floor", "round", "sign", "sin", "sinh", "square", "tan"):
    case(op, lambda x, op=op: getattr(mb, op)(x=x), X)
case("tanh", lambda x: mb.tanh(x=x), X)
case("abs-int", lambda x: mb.abs(x=x), whole(-5, 5, 6))
for op in ("acos", "asin", "atan", "atanh"):
    case(op, lambda x, op=op: getattr(mb, op)(x=x), np.tanh(X) * 0.9)
case("sqrt", lambda x: mb.sqrt(x=x), positive(3, 4))
case("inverse", lambda x: mb.inverse(x=x), positive(3, 4), expected=lambda x: 1 / (x + 1e-4))
case("inverse-epsilon", lambda x: mb.inverse(x=x, epsilon=0.5), positive(3, 4), expected=lambda x: 1 / (x + 0.5))
case("log", lambda x: mb.log(x=x), positive(3, 4))
case("log-epsilon", lambda x: mb.log(x=x, epsilon=0.25), positive(3, 4), expected=lambda x: np.log(x + 0.25))
case("rsqrt", lambda x: mb.rsqrt(x=x), positive(3, 4))
case("rsqrt-epsilon", lambda x: mb.rsqrt(x=x, epsilon=0.5), positive(3, 4), expected=lambda x: 1 / np.sqrt(x + 0.5))
case("threshold", lambda x: mb.threshold(x=x, alpha=0.3), X)
case("clip", lambda x: mb.clip(x=x, alpha=-0.5, beta=0.7), X)
case("cast-int", lambda x: mb.cast(x=x, dtype="int32"), 3 * X)
case("cast-half", lambda x: mb.cast(x=x, dtype="fp16"), X, expected=lambda x: x.astype(np.float16), target=IOS16)
case("cast-bool", lambda x: mb.cast(x=mb.cast(x=x, dtype="bool"), dtype="int32"), whole(-1, 2, 8))
case("logical_not", lambda x: mb.cast(x=mb.logical_not(x=mb.cast(x=x, dtype="bool")), dtype="int32"), whole(0, 2, 8))

Y = real(3, 1)
for op in ("add", "sub", "mul", "maximum", "minimum", "real_div", "floor_div", "mod"):
    case(op, lambda x, y, op=op: getattr(mb, op)(x=x, y=y), X, Y)
for op in ("add", "sub", "mul", "maximum", "minimum", "floor_div", "mod"):
    case(f"{op}-int", lambda x, y, op=op: getattr(mb, op)(x=x, y=y), whole(-9, 9, 24), whole(1, 4, 24) * whole(0, 2, 24) * 2 - 3)
case("pow", lambda x, y: mb.pow(x=x, y=y), positive(3, 4), X[0])
for op in ("equal", "not_equal", "greater", "greater_equal", "less", "less_equal"):
    case(op, lambda x, y, op=op: mb.cast(x=getattr(mb, op)(x=x, y=y), dtype="int32"), whole(0, 3, 12), whole(0, 3, 12))
for op in ("logical_and", "logical_or", "logical_xor"):
    case(
        op,
        lambda x, y, op=op: mb.cast(x=getattr(mb, op)(x=mb.cast(x=x, dtype="bool"), y=mb.cast(x=y, dtype="bool")), dtype="int32"),
        whole(0, 2, 12),
        whole(0, 2, 12),
    )
case("select", lambda c, a, b: mb.select(cond=mb.cast(x=c, dtype="bool"), a=a, b=b), whole(0, 2, 3, 4), real(3, 4), real(3, 4))

case("relu", lambda x: mb.relu(x=x), X)
case("relu6", lambda x: mb.relu6(x=x), 5 * X)
case("leaky_relu", lambda x: mb.leaky_relu(x=x, alpha=0.1), X.copy())
case("elu", lambda x: mb.elu(x=x, alpha=0.7), X.copy(), expected=lambda x: F.elu(t(x), 0.7))
for mode in ("EXACT", "TANH_APPROXIMATION", "SIGMOID_APPROXIMATION"):
    case(f"gelu-{mode}", lambda x, mode=mode: mb.gelu(x=x, mode=mode), X)
case("silu", lambda x: mb.silu(x=x), X, expected=lambda x: F.silu(t(x)))
case("sigmoid", lambda x: mb.sigmoid(x=x), X)
case("softplus", lambda x: mb.softplus(x=x), X)
case("softsign", lambda x: mb.softsign(x=x), X)
case("clamped_relu", lambda x: mb.clamped_relu(x=x, alpha=0.3, beta=0.8), X)
case("linear_activation", lambda x: mb.linear_activation(x=x, alpha=0.3, beta=0.8), X)
case("prelu", lambda x: mb.prelu(x=x, alpha=np.array([0.1, 0.2, 0.3], np.float32)), real(2, 3, 4, 5))
case("scaled_tanh", lambda x: mb.scaled_tanh(x=x, alpha=0.3, beta=0.8), X)
case("sigmoid_hard", lambda x: mb.sigmoid_hard(x=x, alpha=0.3, beta=0.4), X)
case(
    "softplus_parametric",
    lambda x: mb.softplus_parametric(x=x, alpha=np.array([0.1, 0.2, 0.3], np.float32), beta=np.array([1, 2, 3], np.float32)),
    real(2, 3, 4, 5),
)
case("softmax", lambda x: mb.softmax(x=x, axis=1), X)
case(
    "thresholded_relu",
    lambda x: mb.thresholded_relu(x=x, alpha=0.5),
    np.array([0.4, 0.5, 0.6, -1], np.float32),
    expected=lambda x: np.where(x >= np.float32(0.5), x, 0),
)

for op in ("sum", "mean", "max", "min", "prod", "l1_norm", "l2_norm", "sum_square"):
    for keep in (True, False):
        case(
            f"reduce_{op}-{keep}",
            lambda x, op=op, keep=keep: getattr(mb, f"reduce_{op}")(x=x, axes=[0, -1], keep_dims=keep),
            X,
        )
case("reduce_log_sum", lambda x: mb.reduce_log_sum(x=x, axes=[1]), positive(3, 4))
case("reduce_log_sum_exp", lambda x: mb.reduce_log_sum_exp(x=x, axes=[1]), X)
case("reduce_sum-all", lambda x: mb.reduce_sum(x=x), X, expected=lambda x: x.sum())
case("reduce_argmax", lambda x: mb.reduce_argmax(x=x, axis=1), X)
case("reduce_argmin", lambda x: mb.reduce_argmin(x=x, axis=-1, keep_dims=True), X)
