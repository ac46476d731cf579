"""Writes the cases of the suite coreml-operations: coreml_operations.py FOLDER [PATTERN].

A case is a MIL program of one operation, inputs, and what they give: as coremltools itself infers it from constants, or, for
operations that it does not infer, as torch or the formula in the operation's documentation computes it.
"""

import json
import re
import sys
import warnings
from collections.abc import Callable
from pathlib import Path

import coremltools as ct
import numpy as np
import torch
from coremltools.converters.mil import Builder as mb
from coremltools.converters.mil.mil import types
from safetensors.numpy import save_file
from torch.nn import functional as F

warnings.filterwarnings("ignore")
RANDOM = np.random.RandomState(11)
CASES: list[tuple] = []
IOS15, IOS16, IOS17, IOS18 = ct.target.iOS15, ct.target.iOS16, ct.target.iOS17, ct.target.iOS18
KINDS = {np.dtype(np.float32): types.fp32, np.dtype(np.float16): types.fp16, np.dtype(np.int32): types.int32}


def real(*shape: int) -> np.ndarray:
    return RANDOM.randn(*shape).astype(np.float32)


def positive(*shape: int) -> np.ndarray:
    return (RANDOM.rand(*shape) + 0.1).astype(np.float32)


def whole(low: int, high: int, *shape: int) -> np.ndarray:
    return RANDOM.randint(low, high, shape).astype(np.int32)


def case(
    name: str,
    build: Callable,
    *inputs: np.ndarray,
    expected: Callable | None = None,
    target: ct.target = IOS15,
) -> None:
    """`build` takes MIL values and makes the operation; `expected` takes the arrays."""
    CASES.append((name, build, inputs, expected, target))


def t(x: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(x)


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
        lambda x, y, op=op: mb.cast(
            x=getattr(mb, op)(x=mb.cast(x=x, dtype="bool"), y=mb.cast(x=y, dtype="bool")), dtype="int32"
        ),
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
case("thresholded_relu", lambda x: mb.thresholded_relu(x=x, alpha=0.5), np.array([0.4, 0.5, 0.6, -1], np.float32),
     expected=lambda x: np.where(x >= np.float32(0.5), x, 0))

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

case("reshape", lambda x: mb.reshape(x=x, shape=[4, -1]), X)
case("reshape-zero", lambda x: mb.reshape(x=x, shape=[0, -1, 1]), X, expected=lambda x: x.reshape(2, 12, 1))
case("reshape-right", lambda x: mb.reshape(x=x, shape=[1, 0, -1, 0]), real(2, 50), target=IOS17,
     expected=lambda x: x.reshape(1, 1, 2, 50))
case("reshape-dynamic", lambda x, s: mb.reshape(x=x, shape=s), X, np.array([6, 4], np.int32),
     expected=lambda x, s: x.reshape(6, 4))
case("reshape_like", lambda x, a, b: mb.reshape_like(x=x, ref_tensors=(a, b), begins=[0, 1], ends=[2, 0], end_masks=[False, True]),
     real(6, 30), real(2, 3, 4), real(1, 5, 6), target=IOS16, expected=lambda x, a, b: x.reshape(2, 3, 5, 6))
case("expand_dims", lambda x: mb.expand_dims(x=x, axes=[0, -1]), X)
case("squeeze", lambda x: mb.squeeze(x=x, axes=[1]), real(2, 1, 3, 1))
case("squeeze-all", lambda x: mb.squeeze(x=x), real(2, 1, 3, 1))
case("transpose", lambda x: mb.transpose(x=x, perm=[-1, 0, 1]), X)
case("flatten2d", lambda x: mb.flatten2d(x=x, axis=2), X)
case("flatten2d-negative", lambda x: mb.flatten2d(x=x, axis=-2), X)
case("shape", lambda x: mb.shape(x=x), X)
case("concat", lambda x, y: mb.concat(values=[x, y], axis=1), X, real(2, 2, 4))
case("concat-interleave", lambda x, y: mb.concat(values=[x, y], axis=1, interleave=True), X, real(2, 3, 4),
     expected=lambda x, y: np.stack((x, y), 2).reshape(2, 6, 4))
case("stack", lambda x, y: mb.stack(values=[x, y], axis=1), X, real(2, 3, 4))
case("split", lambda x: mb.split(x=x, num_splits=2, axis=2), X, expected=lambda x: np.split(x, 2, 2))
case("split-sizes", lambda x: mb.split(x=x, split_sizes=[1, 3], axis=-1), X, expected=lambda x: np.split(x, [1], 2))
case("tile", lambda x: mb.tile(x=x, reps=[2, 1, 3]), X)
case("identity", lambda x: mb.identity(x=x), X, expected=lambda x: x)

case("slice_by_index", lambda x: mb.slice_by_index(x=x, begin=[0, 1, -3], end=[2, 3, -1]), X)
case("slice_by_index-masks",
     lambda x: mb.slice_by_index(x=x, begin=[1, 2, 3], end=[0, 1, 0], stride=[1, 1, -2], begin_mask=[False, True, False],
                                 end_mask=[True, True, True], squeeze_mask=[False, False, False]), X,
     expected=lambda x: x[1:, :, 3::-2])
case("slice_by_index-squeeze",
     lambda x: mb.slice_by_index(x=x, begin=[-1, 0, 1], end=[0, 2, 0], squeeze_mask=[True, False, True]), X,
     expected=lambda x: x[-1, 0:2, 1])
case("slice_by_index-dynamic", lambda x, b, e: mb.slice_by_index(x=x, begin=b, end=e, end_mask=[False, True, False],
     squeeze_mask=[True, False, False]), X, np.array([-1, 1, 1], np.int32), np.array([0, 0, 3], np.int32),
     expected=lambda x, b, e: x[-1, 1:, 1:3])
case("slice_by_size", lambda x: mb.slice_by_size(x=x, begin=[0, 1, 2], size=[1, -1, 2]), X,
     expected=lambda x: x[0:1, 1:, 2:4])
case("slice_by_size-dynamic", lambda x, b: mb.slice_by_size(x=x, begin=b, size=[1, 2, 2]), X, np.array([1, 1, 0], np.int32),
     expected=lambda x, b: x[1:2, 1:3, 0:2])


def updated(x: np.ndarray, u: np.ndarray) -> np.ndarray:
    x = x.copy()
    x[1, 0:3:2, 1:] = u
    return x


case("slice_update", lambda x, u: mb.slice_update(x=x, update=u, begin=[1, 0, 1], end=[2, 3, 0], stride=[1, 2, 1],
     end_mask=[False, False, True], squeeze_mask=[True, False, False]), X, real(2, 3), target=IOS18, expected=updated)
case("crop", lambda x: mb.crop(x=x, crop_height=[1, 2], crop_width=[0, 1]), real(1, 2, 6, 5),
     expected=lambda x: x[:, :, 1:-2, :-1])
case("reverse", lambda x: mb.reverse(x=x, axes=[0, -1]), X)
case("reverse-all", lambda x: mb.reverse(x=x), X, expected=lambda x: x[::-1, ::-1, ::-1].copy())


def sequences(x: np.ndarray) -> np.ndarray:
    y = x.copy()
    for i, length in enumerate((2, 4, 1)):
        y[i, :length] = x[i, :length][::-1]
    return y


case("reverse_sequence", lambda x: mb.reverse_sequence(x=x, lengths=[2, 4, 1], seq_axis=1, batch_axis=0), real(3, 4, 2),
     expected=sequences)
case("depth_to_space", lambda x: mb.depth_to_space(x=x, block_size=2), real(1, 8, 2, 3),
     expected=lambda x: x.reshape(1, 2, 2, 2, 2, 3).transpose(0, 3, 4, 1, 5, 2).reshape(1, 2, 4, 6))
case("space_to_depth", lambda x: mb.space_to_depth(x=x, block_size=2), real(1, 2, 4, 6),
     expected=lambda x: x.reshape(1, 2, 2, 2, 3, 2).transpose(0, 3, 5, 1, 2, 4).reshape(1, 8, 2, 3))
case("pixel_shuffle", lambda x: mb.pixel_shuffle(x=x, upscale_factor=2), real(1, 8, 2, 3),
     expected=lambda x: F.pixel_shuffle(t(x), 2))
case("pixel_unshuffle", lambda x: mb.pixel_unshuffle(x=x, downscale_factor=np.uint32(2)), real(2, 3, 4, 6), target=IOS16,
     expected=lambda x: F.pixel_unshuffle(t(x), 2))


def to_batch(x: np.ndarray) -> np.ndarray:
    p = np.pad(x, ((0, 0), (0, 0), (1, 1), (0, 1)))
    n, c, h, w = p.shape
    return p.reshape(n, c, h // 2, 2, w // 3, 3).transpose(3, 5, 0, 1, 2, 4).reshape(6 * n, c, h // 2, w // 3)


case("space_to_batch", lambda x: mb.space_to_batch(x=x, block_shape=[2, 3], paddings=[[1, 1], [0, 1]]), real(2, 3, 4, 5),
     expected=to_batch)
case("batch_to_space", lambda x: mb.batch_to_space(x=x, block_shape=[2, 2], crops=[[0, 1], [1, 0]]), real(8, 3, 2, 3),
     expected=lambda x: x.reshape(2, 2, 2, 3, 2, 3).transpose(2, 3, 4, 0, 5, 1).reshape(2, 3, 4, 6)[:, :, :-1, 1:].copy())
case("sliding_windows", lambda x: mb.sliding_windows(x=x, axis=1, size=3, stride=2), real(2, 8, 2),
     expected=lambda x: np.stack([x[:, i : i + 3] for i in (0, 2, 4)], 1))

W = real(5, 4)
case("linear", lambda x: mb.linear(x=x, weight=W, bias=np.arange(5, dtype=np.float32)), X)
case("linear-2d", lambda x: mb.linear(x=x, weight=W), real(3, 4))
case("linear-half-weight", lambda x: mb.linear(x=x, weight=W.astype(np.float16)), real(3, 4), target=IOS17,
     expected=lambda x: x @ W.astype(np.float16).astype(np.float32).T)
case("matmul", lambda x, y: mb.matmul(x=x, y=y), X, real(4, 5))
case("matmul-transposed", lambda x, y: mb.matmul(x=x, y=y, transpose_x=True, transpose_y=True), real(2, 4, 3), real(5, 4))
case("matmul-vector", lambda x, y: mb.matmul(x=x, y=y), real(4), real(4, 5))
case("einsum", lambda x, y: mb.einsum(values=(x, y), equation="nchw,nwhu->nchu"), real(1, 2, 3, 4), real(1, 4, 3, 5),
     expected=lambda x, y: np.einsum("nchw,nwhu->nchu", x, y))

C1, C2, C3 = real(4, 3, 3), real(6, 2, 3, 2), real(2, 3, 2, 2, 2)
case("conv-1d", lambda x: mb.conv(x=x, weight=C1, pad_type="custom", pad=[1, 2], strides=[2]), real(2, 3, 9),
     expected=lambda x: F.conv1d(F.pad(t(x), (1, 2)), t(C1), stride=2))
case("conv-2d", lambda x: mb.conv(x=x, weight=C2, bias=np.arange(6, dtype=np.float32), groups=2, dilations=[2, 1]), real(1, 4, 8, 7),
     expected=lambda x: F.conv2d(t(x), t(C2), torch.arange(6).float(), dilation=(2, 1), groups=2))
case("conv-3d", lambda x: mb.conv(x=x, weight=C3), real(1, 3, 4, 5, 6), expected=lambda x: F.conv3d(t(x), t(C3)))
case("conv-same", lambda x: mb.conv(x=x, weight=C2, groups=2, pad_type="same", strides=[2, 2]), real(1, 4, 8, 7),
     expected=lambda x: F.conv2d(F.pad(t(x), (0, 1, 0, 1)), t(C2), stride=2, groups=2))
case("conv-same_lower", lambda x: mb.conv(x=x, weight=C2, groups=2, pad_type="same_lower", strides=[2, 2]), real(1, 4, 8, 7),
     expected=lambda x: F.conv2d(F.pad(t(x), (1, 0, 1, 0)), t(C2), stride=2, groups=2), target=IOS16)
T2 = real(4, 3, 3, 2)
case("conv_transpose", lambda x: mb.conv_transpose(x=x, weight=T2, strides=[2, 3], groups=2, pad_type="custom", pad=[1, 1, 0, 0]),
     real(1, 4, 5, 6), expected=lambda x: F.conv_transpose2d(t(x), t(T2), stride=(2, 3), padding=(1, 0), groups=2))
case("conv_transpose-shape",
     lambda x: mb.conv_transpose(x=x, weight=T2, strides=[2, 3], groups=2, pad_type="custom", pad=[1, 1, 0, 0],
                                 output_shape=[1, 6, 10, 19]),
     real(1, 4, 5, 6),
     expected=lambda x: F.conv_transpose2d(t(x), t(T2), stride=(2, 3), padding=(1, 0), output_padding=(1, 2), groups=2))

P = real(1, 2, 9, 8)
case("max_pool", lambda x: mb.max_pool(x=x, kernel_sizes=[3, 2], strides=[2, 2], pad_type="custom", pad=[1, 1, 0, 0]), P,
     expected=lambda x: F.max_pool2d(t(x), (3, 2), 2, (1, 0)))
case("max_pool-ceil", lambda x: mb.max_pool(x=x, kernel_sizes=[2, 3], strides=[2, 2], pad_type="custom", pad=[1, 1, 1, 1], ceil_mode=True), P,
     expected=lambda x: F.max_pool2d(t(x), (2, 3), 2, (1, 1), ceil_mode=True))
for ceil in (False, True):
    for excluded in (False, True):
        case(f"avg_pool-{ceil}-{excluded}",
             lambda x, ceil=ceil, excluded=excluded: mb.avg_pool(x=x, kernel_sizes=[3, 3], strides=[2, 2], pad_type="custom",
                 pad=[1, 1, 1, 1], ceil_mode=ceil, exclude_padding_from_average=excluded), P,
             expected=lambda x, ceil=ceil, excluded=excluded: F.avg_pool2d(t(x), 3, 2, 1, ceil_mode=ceil, count_include_pad=not excluded))
case("avg_pool-1d", lambda x: mb.avg_pool(x=x, kernel_sizes=[3], strides=[2], pad_type="valid", ceil_mode=True), real(1, 2, 8),
     expected=lambda x: F.avg_pool1d(t(x), 3, 2, ceil_mode=True))
case("avg_pool-3d", lambda x: mb.avg_pool(x=x, kernel_sizes=[2, 2, 2], strides=[1, 1, 1], pad_type="valid"), real(1, 2, 4, 4, 4),
     expected=lambda x: F.avg_pool3d(t(x), 2, 1))
case("l2_pool", lambda x: mb.l2_pool(x=x, kernel_sizes=[2, 2], strides=[2, 2], pad_type="valid"), P,
     expected=lambda x: F.lp_pool2d(t(x), 2.0, 2))

V = positive(3)
case("batch_norm", lambda x: mb.batch_norm(x=x, mean=V - 0.5, variance=V, gamma=2 * V, beta=-V, epsilon=1e-3), real(2, 3, 4, 5),
     expected=lambda x: F.batch_norm(t(x), t(V - 0.5), t(V), t(2 * V), t(-V), eps=1e-3))
case("batch_norm-plain", lambda x: mb.batch_norm(x=x, mean=V, variance=V), real(2, 3, 6),
     expected=lambda x: F.batch_norm(t(x), t(V), t(V)))
case("instance_norm", lambda x: mb.instance_norm(x=x, gamma=V, beta=-V, epsilon=1e-2), real(2, 3, 4, 5),
     expected=lambda x: F.instance_norm(t(x), weight=t(V), bias=t(-V), eps=1e-2))
case("layer_norm", lambda x: mb.layer_norm(x=x, axes=[-2, -1], gamma=W[:3], beta=W[1:4], epsilon=1e-2), X,
     expected=lambda x: F.layer_norm(t(x), (3, 4), t(W[:3]), t(W[1:4]), 1e-2))
case("layer_norm-channel", lambda x: mb.layer_norm(x=x, axes=[1], gamma=V, beta=-V, epsilon=1e-2), X,
     expected=lambda x: F.layer_norm(t(x).transpose(1, 2), (3,), t(V), t(-V), 1e-2).transpose(1, 2))
case("layer_norm-plain", lambda x: mb.layer_norm(x=x, axes=[2]), X, expected=lambda x: F.layer_norm(t(x), (4,)))
case("l2_norm", lambda x: mb.l2_norm(x=x, epsilon=1e-2), real(2, 3, 4, 5),
     expected=lambda x: x / np.sqrt((x**2).sum((1, 2, 3), keepdims=True) + np.float32(1e-2)))
case("local_response_norm", lambda x: mb.local_response_norm(x=x, size=3, alpha=0.5, beta=0.6, k=1.5), real(2, 5, 4, 5),
     expected=lambda x: F.local_response_norm(t(x), 3, 0.5, 0.6, 1.5))

case("gather", lambda x, i: mb.gather(x=x, indices=i, axis=1), X, whole(-3, 3, 2, 2))
case("gather-scalar", lambda x: mb.gather(x=x, indices=1, axis=1), X)
case("gather-batch", lambda x, i: mb.gather(x=x, indices=i, axis=1, batch_dims=1), X, whole(0, 3, 2, 5), target=IOS16,
     expected=lambda x, i: np.stack([x[b][i[b]] for b in range(2)]))
case("gather-batch-skip", lambda x, i: mb.gather(x=x, indices=i, axis=2, batch_dims=1), X, whole(0, 4, 2, 5), target=IOS16,
     expected=lambda x, i: np.stack([x[b][:, i[b]] for b in range(2)]))
case("gather_along_axis", lambda x, i: mb.gather_along_axis(x=x, indices=i, axis=1), X, whole(0, 3, 2, 5, 4),
     expected=lambda x, i: np.take_along_axis(x, i, 1))
case("gather_nd", lambda x, i: mb.gather_nd(x=x, indices=i), X, whole(0, 2, 5, 2), expected=lambda x, i: x[i[:, 0], i[:, 1]])
case("gather_nd-batch", lambda x, i: mb.gather_nd(x=x, indices=i, batch_dims=1), X, whole(0, 3, 2, 5, 1), target=IOS16,
     expected=lambda x, i: np.stack([x[b][i[b, :, 0]] for b in range(2)]))


def scattered(mode: str) -> Callable:
    def apply(x: np.ndarray, u: np.ndarray) -> np.ndarray:
        y = x.copy()
        for k, i in enumerate((2, 0)):
            y[:, i] = {"update": u[:, k], "add": y[:, i] + u[:, k], "sub": y[:, i] - u[:, k], "mul": y[:, i] * u[:, k],
                       "max": np.maximum(y[:, i], u[:, k]), "min": np.minimum(y[:, i], u[:, k])}[mode]
        return y

    return apply


for mode in ("update", "add", "sub", "mul", "max", "min"):
    case(f"scatter-{mode}", lambda x, u, mode=mode: mb.scatter(data=x, indices=[2, 0], updates=u, axis=1, mode=mode), X,
         real(2, 2, 4), expected=scattered(mode))
case("scatter_along_axis", lambda x, i, u: mb.scatter_along_axis(data=x, indices=i, updates=u, axis=1, mode="add"), X,
     whole(0, 3, 2, 2, 4), real(2, 2, 4), expected=lambda x, i, u: t(x).scatter_add(1, t(i).long(), t(u)))
case("scatter_nd", lambda x, u: mb.scatter_nd(data=x, indices=[[1, 2], [0, 0]], updates=u, mode="update"), X, real(2, 4),
     expected=lambda x, u: t(x).index_put((torch.tensor([1, 0]), torch.tensor([2, 0])), t(u)))

case("band_part", lambda x: mb.band_part(x=x, lower=1, upper=0), real(2, 4, 4), expected=lambda x: np.triu(np.tril(x), -1))
case("band_part-int", lambda x: mb.band_part(x=x, lower=-1, upper=1), whole(1, 9, 4, 5), expected=lambda x: np.tril(x, 1))


def cumulated(x: np.ndarray, exclusive: bool, reverse: bool) -> np.ndarray:
    x = x[:, ::-1] if reverse else x
    y = np.cumsum(x, 1)
    y = y - x if exclusive else y
    return y[:, ::-1] if reverse else y


for exclusive in (False, True):
    for reverse in (False, True):
        case(f"cumsum-{exclusive}-{reverse}",
             lambda x, exclusive=exclusive, reverse=reverse: mb.cumsum(x=x, axis=1, exclusive=exclusive, reverse=reverse), X,
             expected=lambda x, exclusive=exclusive, reverse=reverse: cumulated(x, exclusive, reverse))
case("fill", lambda x: mb.fill(shape=mb.shape(x=x), value=2.5), X, expected=lambda x: np.full(x.shape, 2.5, np.float32))
case("fill_like", lambda x: mb.fill_like(ref_tensor=x, value=7), X, target=IOS16, expected=lambda x: np.full(x.shape, 7, np.int32))
case("one_hot", lambda x: mb.one_hot(indices=x, one_hot_vector_size=4, axis=-1, on_value=2.0, off_value=-1.0), whole(0, 4, 2, 3),
     expected=lambda x: np.where(x[..., None] == np.arange(4), 2, -1).astype(np.float32))
case("pad", lambda x: mb.pad(x=x, pad=[1, 2, 0, 3], mode="constant", constant_val=1.5), X,
     expected=lambda x: np.pad(x, ((0, 0), (1, 2), (0, 3)), constant_values=1.5))
case("pad-reflect", lambda x: mb.pad(x=x, pad=[1, 1, 2, 3], mode="reflect"), X,
     expected=lambda x: np.pad(x, ((0, 0), (1, 1), (2, 3)), mode="reflect"))
case("pad-replicate", lambda x: mb.pad(x=x, pad=[1, 2, 2, 3], mode="replicate"), X,
     expected=lambda x: np.pad(x, ((0, 0), (1, 2), (2, 3)), mode="edge"))
case("pad-dynamic", lambda x, p: mb.pad(x=x, pad=p, mode="constant", constant_val=0.0), real(2, 3), np.array([1, 0, 2, 3], np.int32),
     expected=lambda x, p: np.pad(x, ((1, 0), (2, 3))))
case("range_1d", lambda e: mb.range_1d(start=1, end=mb.squeeze(x=e), step=2), np.array([9], np.int32),
     expected=lambda e: np.arange(1, 9, 2).astype(np.int32))
case("non_zero", lambda x: mb.non_zero(x=x), whole(0, 2, 3, 4), expected=lambda x: np.argwhere(x).astype(np.int32))
case("argsort", lambda x: mb.argsort(x=x, axis=1), X, expected=lambda x: np.argsort(-x, 1).astype(np.int32))
case("argsort-ascending", lambda x: mb.argsort(x=x, axis=-1, ascending=True), X, expected=lambda x: np.argsort(x, -1).astype(np.int32))
case("topk", lambda x: mb.topk(x=x, k=2, axis=1), X, expected=lambda x: [v.numpy() if v.dtype == torch.float32 else v.int().numpy() for v in t(x).topk(2, 1)])
case("topk-ascending", lambda x: mb.topk(x=x, k=2, axis=1, ascending=True, return_indices=False), X, target=IOS16,
     expected=lambda x: np.sort(x, 1)[:, :2].copy())

I = real(1, 2, 4, 5)
case("upsample_nearest_neighbor", lambda x: mb.upsample_nearest_neighbor(x=x, scale_factor_height=2, scale_factor_width=3), I,
     expected=lambda x: F.interpolate(t(x), scale_factor=(2, 3), mode="nearest"))
case("resize_nearest_neighbor", lambda x: mb.resize_nearest_neighbor(x=x, target_size_height=7, target_size_width=3), I,
     expected=lambda x: F.interpolate(t(x), size=(7, 3), mode="nearest"))
for align in (False, True):
    case(f"upsample_bilinear-{align}",
         lambda x, align=align: mb.upsample_bilinear(x=x, scale_factor_height=2, scale_factor_width=3, align_corners=align), I,
         expected=lambda x, align=align: F.interpolate(t(x), scale_factor=(2, 3), mode="bilinear", align_corners=align))
case("upsample_bilinear-3d", lambda x: mb.upsample_bilinear(x=x, scale_factor_height=2, scale_factor_width=3, align_corners=False), I[0],
     expected=lambda x: F.interpolate(t(x[None]), scale_factor=(2, 3), mode="bilinear", align_corners=False)[0])


def sampled(x: np.ndarray, height: int, width: int, mode: str) -> np.ndarray:
    """The grids of resize_bilinear's documentation."""

    def grid(xin: int, xout: int) -> np.ndarray:
        i = np.arange(xout)
        spacing = (xin - xin / xout) / (xout - 1)
        return np.clip(i * spacing, 0, xin - 1)

    def along(a: np.ndarray, axis: int, xout: int) -> np.ndarray:
        g = grid(a.shape[axis], xout)
        low = np.floor(g).astype(int)
        high = np.minimum(low + 1, a.shape[axis] - 1)
        shape = [1] * a.ndim
        shape[axis] = xout
        part = (g - low).reshape(shape)
        return a.take(low, axis) * (1 - part) + a.take(high, axis) * part

    return along(along(x.astype(np.float64), 2, height), 3, width).astype(np.float32)


case("resize_bilinear-DEFAULT", lambda x: mb.resize_bilinear(x=x, target_size_height=7, target_size_width=3), I,
     expected=lambda x: sampled(x, 7, 3, "DEFAULT"))
for sampling, align in (("STRICT_ALIGN_CORNERS", True), ("ALIGN_CORNERS", True), ("UNALIGN_CORNERS", False)):
    case(f"resize_bilinear-{sampling}",
         lambda x, sampling=sampling: mb.resize_bilinear(x=x, target_size_height=7, target_size_width=3, sampling_mode=sampling), I,
         expected=lambda x, align=align: F.interpolate(t(x), size=(7, 3), mode="bilinear", align_corners=align))
case("resize", lambda x: mb.resize(x=x, shape=[8, 0], resized_dims=np.uint32(2), interpolation_mode="LINEAR", sampling_mode="UNALIGN_CORNERS"),
     I, target=IOS17, expected=lambda x: F.interpolate(t(x), size=(8, 5), mode="bilinear", align_corners=False))
G = (2.4 * RANDOM.rand(1, 3, 6, 2) - 1.2).astype(np.float32)
for padding, torch_padding in (("constant", "zeros"), ("border", "border")):
    for align in (False, True):
        case(f"resample-{padding}-{align}",
             lambda x, g, padding=padding, align=align: mb.resample(x=x, coordinates=g, sampling_mode="bilinear", padding_mode=padding,
                 padding_value=0.0, coordinates_mode="normalized_minus_one_to_one", align_corners=align), I, G,
             expected=lambda x, g, align=align, p=torch_padding: F.grid_sample(t(x), t(g), padding_mode=p, align_corners=align))
case("resample-reflection",
     lambda x, g: mb.resample(x=x, coordinates=g, sampling_mode="bilinear", padding_mode="reflection", padding_value=0.0,
                              coordinates_mode="normalized_minus_one_to_one", align_corners=True), I, G,
     expected=lambda x, g: F.grid_sample(t(x), t(g), padding_mode="reflection", align_corners=True))
case("resample-unnormalized",
     lambda x, g: mb.resample(x=x, coordinates=g, sampling_mode="bilinear", padding_mode="border", padding_value=0.0,
                              coordinates_mode="unnormalized", align_corners=True), I, (3 * RANDOM.rand(1, 3, 6, 2)).astype(np.float32),
     expected=lambda x, g: F.grid_sample(t(x), t(g) / torch.tensor([4.0, 3.0]) * 2 - 1, padding_mode="border", align_corners=True))
A = np.array([[0.9, 0.2, 0.1, -0.1, 0.8, -0.2]], np.float32)
case("affine",
     lambda x, m: mb.affine(x=x, transform_matrix=m, output_height=5, output_width=6, sampling_mode="bilinear", padding_mode="constant",
                            padding_value=0.0, coordinates_mode="normalized_minus_one_to_one", align_corners=True), I, A,
     expected=lambda x, m: F.grid_sample(t(x), F.affine_grid(t(m).view(1, 2, 3), (1, 2, 5, 6), align_corners=True), align_corners=True))


def reorder(weight: torch.Tensor) -> np.ndarray:
    """torch's gates i f z o as MIL's i f o z."""
    i, f, z, o = weight.detach().chunk(4)
    return torch.cat((i, f, o, z)).numpy()


def lstm(both: bool) -> None:
    torch.manual_seed(3)
    layer = torch.nn.LSTM(3, 4, bidirectional=both)
    more = {}
    if both:
        more = {"weight_ih_back": reorder(layer.weight_ih_l0_reverse), "weight_hh_back": reorder(layer.weight_hh_l0_reverse),
                "bias_back": reorder(layer.bias_ih_l0_reverse + layer.bias_hh_l0_reverse)}
    for sequence in (False, True):
        def expected(x, h, c, sequence=sequence):
            d = 2 if both else 1
            y, (hn, cn) = layer(t(x), (t(h).view(2, d, 4).transpose(0, 1).contiguous(), t(c).view(2, d, 4).transpose(0, 1).contiguous()))
            flat = lambda s: s.transpose(0, 1).reshape(2, 4 * d)
            return [v.detach().numpy() for v in (y if sequence else flat(hn)[None], flat(hn), flat(cn))]

        case(f"lstm-{'both' if both else 'forward'}-{sequence}",
             lambda x, h, c, sequence=sequence: mb.lstm(x=x, initial_h=h, initial_c=c, weight_ih=reorder(layer.weight_ih_l0),
                 weight_hh=reorder(layer.weight_hh_l0), bias=reorder(layer.bias_ih_l0 + layer.bias_hh_l0),
                 direction="bidirectional" if both else "forward", output_sequence=sequence, **more),
             real(5, 2, 3), real(2, 8 if both else 4), real(2, 8 if both else 4), expected=expected)


lstm(False)
lstm(True)
GI, GH, GB = real(12, 3), real(12, 4), real(12)


def gru(x: np.ndarray, h: np.ndarray) -> list[np.ndarray]:
    sigmoid = lambda v: 1 / (1 + np.exp(-v))
    (ir, io, iz), (hr, ho, hz), (br, bo, bz) = np.split(GI, 3), np.split(GH, 3), np.split(GB, 3)
    steps = []
    for k in range(len(x) - 1, -1, -1):
        z = sigmoid(x[k] @ iz.T + h @ hz.T + bz)
        r = sigmoid(x[k] @ ir.T + h @ hr.T + br)
        o = np.tanh(x[k] @ io.T + (r * h) @ ho.T + bo)
        h = (1 - z) * o + z * h
        steps.append(h)
    return [np.stack(steps), h]


case("gru-reverse", lambda x, h: mb.gru(x=x, initial_h=h, weight_ih=GI, weight_hh=GH, bias=GB, direction="reverse", output_sequence=True),
     real(5, 2, 3), real(2, 4), expected=gru)
RI, RH, RB = real(4, 3), real(4, 4), real(4)


def rnn(x: np.ndarray, h: np.ndarray) -> list[np.ndarray]:
    for k in range(len(x)):
        h = np.tanh(x[k] @ RI.T + h @ RH.T + RB)
    return [h[None], h]


case("rnn", lambda x, h: mb.rnn(x=x, initial_h=h, weight_ih=RI, weight_hh=RH, bias=RB), real(5, 2, 3), real(2, 4), expected=rnn)

case("cond", lambda x: mb.cond(pred=mb.greater(x=mb.reduce_sum(x=x), y=0.0), _true_fn=lambda: mb.add(x=x, y=1.0),
     _false_fn=lambda: mb.mul(x=x, y=2.0)), -positive(3), expected=lambda x: 2 * x)
case("while_loop", lambda x: mb.while_loop(_cond=lambda i, y: mb.less(x=i, y=3.0), _body=lambda i, y: (mb.add(x=i, y=1.0), mb.mul(x=y, y=y)),
     loop_vars=(np.float32(0), x)), positive(3), expected=lambda x: [np.float32(3), x**8])
for masked in (None, "float", "bool"):
    def attention(q, k, v, m=None, masked=masked):
        mask = {None: None, "float": m, "bool": mb.cast(x=m, dtype="bool") if masked == "bool" else None}[masked]
        return mb.scaled_dot_product_attention(query=q, key=k, value=v, **({} if mask is None else {"attn_mask": mask}))

    def attended(q, k, v, m=None, masked=masked):
        mask = None if masked is None else t(m).bool() if masked == "bool" else t(m)
        return F.scaled_dot_product_attention(t(q), t(k), t(v), attn_mask=mask)

    extra = {None: (), "float": (real(5, 6),), "bool": (np.maximum(whole(0, 2, 5, 6), np.eye(5, 6, dtype=np.int32)),)}[masked]
    case(f"attention-{masked}", attention, real(2, 3, 5, 8), real(2, 3, 6, 8), real(2, 3, 6, 7), *extra, target=IOS18, expected=attended)
case("quantize", lambda x: mb.cast(x=mb.quantize(input=x, scale=np.array([0.1, 0.2, 0.3], np.float32), zero_point=np.array([1, -2, 3], np.int8),
     output_dtype="int8", axis=1), dtype="int32"), X, target=IOS17,
     expected=lambda x: np.clip(np.round(x / np.array([0.1, 0.2, 0.3], np.float32)[:, None]) + np.array([[1], [-2], [3]]), -128, 127).astype(np.int32))
case("dequantize", lambda x: mb.dequantize(input=mb.cast(x=x, dtype="uint8"), scale=np.float32(0.5), zero_point=np.uint8(3)), whole(0, 255, 9),
     target=IOS17, expected=lambda x: (x - 3) * np.float32(0.5))

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
        big = lambda v, blocks=blocks: v.repeat(6 // blocks[0], 0).repeat(8 // blocks[1], 1)
        weight(f"blockwise-{label}-{blocks[0]}x{blocks[1]}",
               lambda data=data, scale=scale, offset=offset, kind=kind: mb.constexpr_blockwise_shift_scale(
                   data=data.astype(kind), scale=scale, offset=offset.astype(kind)),
               (big(scale) * (data - big(offset))).astype(np.float32))
data, scale, offset = RANDOM.randint(0, 16, (6, 8)), positive(6, 2), real(6, 2)
weight("blockwise-real-offset",
       lambda data=data, scale=scale, offset=offset: mb.constexpr_blockwise_shift_scale(data=data.astype(uint4), scale=scale, offset=offset),
       scale.repeat(4, 1) * (data - offset.repeat(4, 1)).astype(np.float32))
data4, scale4 = RANDOM.randint(-8, 8, (4, 6, 3, 3)), positive(4, 2, 1, 1)
weight("blockwise-conv", lambda: mb.constexpr_blockwise_shift_scale(data=data4.astype(int4), scale=scale4), scale4.repeat(3, 1) * data4.astype(np.float32))
for bits in (1, 2, 3, 4, 6, 8):
    kind = types.nptype_from_builtin(types.string_to_builtin(f"uint{bits}"))
    indices = RANDOM.randint(0, 2**bits, (6, 8))
    table = real(3, 1, 2**bits, 1)
    weight(f"palette-{bits}", lambda kind=kind, indices=indices, table=table: mb.constexpr_lut_to_dense(indices=indices.astype(kind), lut=table),
           np.stack([table[i // 2, 0, indices[i], 0] for i in range(6)]))
kind = types.nptype_from_builtin(types.uint2)
VI, VT = RANDOM.randint(0, 4, (3, 8)), real(1, 1, 4, 2)
weight("palette-vector", lambda: mb.constexpr_lut_to_dense(indices=VI.astype(kind), lut=VT, vector_axis=0),
       VT[0, 0][VI].transpose(0, 2, 1).reshape(6, 8))
MASK = RANDOM.randint(0, 2, (6, 8))
FULL = real(6, 8) * MASK.astype(np.float32)
weight("sparse", lambda: mb.constexpr_sparse_to_dense(nonzero_data=FULL[MASK != 0], mask=MASK.astype(types.nptype_from_builtin(types.uint1))), FULL)
B8 = RANDOM.randint(-100, 100, (6, 8)).astype(np.int8)
weight("affine8", lambda: mb.constexpr_affine_dequantize(quantized_data=B8, zero_point=np.int8(3), scale=V.repeat(2), axis=0),
       V.repeat(2)[:, None] * (B8.astype(np.float32) - 3), IOS16)
L16 = real(16)
PACKED = RANDOM.randint(0, 256, 24).astype(np.uint8)
weight("palette-packed", lambda: mb.constexpr_lut_to_dense(indices=PACKED, lut=L16, shape=np.array([6, 8], np.uint32)),
       L16[np.stack((PACKED & 15, PACKED >> 4), 1).reshape(6, 8)], IOS16)
BITS = np.packbits(MASK.reshape(-1).astype(np.uint8), bitorder="little")
weight("sparse-packed", lambda: mb.constexpr_sparse_to_dense(nonzero_data=FULL[MASK != 0], mask=BITS, shape=np.array([6, 8], np.uint32)), FULL, IOS16)
HALF = real(6, 8).astype(np.float16)
weight("widened", lambda: mb.constexpr_cast(source_val=HALF, output_dtype="fp32"), HALF.astype(np.float32), IOS16)


def inferred(build: Callable, inputs: tuple, target: ct.target) -> list[np.ndarray]:
    """What coremltools makes of the operation on constants."""
    found = []

    @mb.program(input_specs=[mb.TensorSpec(shape=(1,))], opset_version=target)
    def program(unused):
        result = build(*(mb.const(val=x.copy()) for x in inputs))
        for value in result if isinstance(result, tuple | list) else [result]:
            found.append(value.val)
        return mb.identity(x=unused)

    if any(value is None for value in found):
        raise ValueError("coremltools does not infer it")
    return found


def program(build: Callable, inputs: tuple, target: ct.target) -> ct.models.MLModel:
    names = "xyz"[: len(inputs)] if len(inputs) <= 3 else "abcdefg"[: len(inputs)]
    namespace: dict = {"build": build}
    exec(f"def function({', '.join(names)}):\n    return build({', '.join(names)})", namespace)
    specs = [mb.TensorSpec(shape=x.shape, dtype=KINDS[x.dtype]) for x in inputs]
    made = mb.program(input_specs=specs, opset_version=target)(namespace["function"])
    return ct.convert(
        made,
        convert_to="mlprogram",
        minimum_deployment_target=target,
        compute_precision=ct.precision.FLOAT32,
        pass_pipeline=ct.PassPipeline.EMPTY,
        skip_model_load=True,
    )


def arrays(results: object) -> list[np.ndarray]:
    listed = list(results) if isinstance(results, tuple | list) else [results]
    return [np.ascontiguousarray(r.numpy() if isinstance(r, torch.Tensor) else r) if np.ndim(r) else np.asarray(r) for r in listed]


def main(folder: Path, pattern: str) -> None:
    written = []
    wrong = []
    for name, build, inputs, expected, target in CASES:
        if not re.search(pattern, name):
            continue
        try:
            model = program(build, inputs, target)
            outputs = arrays(expected(*inputs) if expected else inferred(build, inputs, target))
        except Exception as error:
            wrong.append(f"{name}: {error!r}")
            continue
        place = folder / name
        place.mkdir(parents=True, exist_ok=True)
        model.save(str(place / "model.mlpackage"))
        description = model.get_spec().description
        save_file({f.name: np.ascontiguousarray(x) for f, x in zip(description.input, inputs, strict=True)}, place / "inputs.safetensors")
        save_file({f.name: x for f, x in zip(description.output, outputs, strict=True)}, place / "expected.safetensors")
        written.append({"case": name, "precision": "fp32"})
    (folder / "cases.json").write_text(json.dumps({"cases": written}, indent=1) + "\n", encoding="utf-8")
    if wrong:
        sys.exit("cases that could not be written:\n" + "\n".join(wrong))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "")
