"""Tensors reshaped, cut, moved and filled."""

from collections.abc import Callable

import numpy as np
import torch
from coremltools.converters.mil import Builder as mb  # noqa: N813
from torch.nn import functional as F  # noqa: N812

from mil_cases import IOS16, IOS17, IOS18, case, real, t, whole

X = real(2, 3, 4)
case("reshape", lambda x: mb.reshape(x=x, shape=[4, -1]), X)
case("reshape-zero", lambda x: mb.reshape(x=x, shape=[0, -1, 1]), X, expected=lambda x: x.reshape(2, 12, 1))
case(
    "reshape-right",
    lambda x: mb.reshape(x=x, shape=[1, 0, -1, 0]),
    real(2, 50),
    target=IOS17,
    expected=lambda x: x.reshape(1, 1, 2, 50),
)
case(
    "reshape-dynamic", lambda x, s: mb.reshape(x=x, shape=s), X, np.array([6, 4], np.int32), expected=lambda x, s: x.reshape(6, 4)
)
case(
    "reshape_like",
    lambda x, a, b: mb.reshape_like(x=x, ref_tensors=(a, b), begins=[0, 1], ends=[2, 0], end_masks=[False, True]),
    real(6, 30),
    real(2, 3, 4),
    real(1, 5, 6),
    target=IOS16,
    expected=lambda x, a, b: x.reshape(2, 3, 5, 6),
)
case("expand_dims", lambda x: mb.expand_dims(x=x, axes=[0, -1]), X)
case("squeeze", lambda x: mb.squeeze(x=x, axes=[1]), real(2, 1, 3, 1))
case("squeeze-all", lambda x: mb.squeeze(x=x), real(2, 1, 3, 1))
case("transpose", lambda x: mb.transpose(x=x, perm=[-1, 0, 1]), X)
case("flatten2d", lambda x: mb.flatten2d(x=x, axis=2), X)
case("flatten2d-negative", lambda x: mb.flatten2d(x=x, axis=-2), X)
case("shape", lambda x: mb.shape(x=x), X)
case("concat", lambda x, y: mb.concat(values=[x, y], axis=1), X, real(2, 2, 4))
case(
    "concat-interleave",
    lambda x, y: mb.concat(values=[x, y], axis=1, interleave=True),
    X,
    real(2, 3, 4),
    expected=lambda x, y: np.stack((x, y), 2).reshape(2, 6, 4),
)
case("stack", lambda x, y: mb.stack(values=[x, y], axis=1), X, real(2, 3, 4))
case("split", lambda x: mb.split(x=x, num_splits=2, axis=2), X, expected=lambda x: np.split(x, 2, 2))
case("split-sizes", lambda x: mb.split(x=x, split_sizes=[1, 3], axis=-1), X, expected=lambda x: np.split(x, [1], 2))
case("tile", lambda x: mb.tile(x=x, reps=[2, 1, 3]), X)
case("identity", lambda x: mb.identity(x=x), X, expected=lambda x: x)

case("slice_by_index", lambda x: mb.slice_by_index(x=x, begin=[0, 1, -3], end=[2, 3, -1]), X)
case(
    "slice_by_index-masks",
    lambda x: mb.slice_by_index(
        x=x,
        begin=[1, 2, 3],
        end=[0, 1, 0],
        stride=[1, 1, -2],
        begin_mask=[False, True, False],
        end_mask=[True, True, True],
        squeeze_mask=[False, False, False],
    ),
    X,
    expected=lambda x: x[1:, :, 3::-2],
)
case(
    "slice_by_index-squeeze",
    lambda x: mb.slice_by_index(x=x, begin=[-1, 0, 1], end=[0, 2, 0], squeeze_mask=[True, False, True]),
    X,
    expected=lambda x: x[-1, 0:2, 1],
)
case(
    "slice_by_index-dynamic",
    lambda x, b, e: mb.slice_by_index(x=x, begin=b, end=e, end_mask=[False, True, False], squeeze_mask=[True, False, False]),
    X,
    np.array([-1, 1, 1], np.int32),
    np.array([0, 0, 3], np.int32),
    expected=lambda x, b, e: x[-1, 1:, 1:3],
)
case("slice_by_size", lambda x: mb.slice_by_size(x=x, begin=[0, 1, 2], size=[1, -1, 2]), X, expected=lambda x: x[0:1, 1:, 2:4])
case(
    "slice_by_size-dynamic",
    lambda x, b: mb.slice_by_size(x=x, begin=b, size=[1, 2, 2]),
    X,
    np.array([1, 1, 0], np.int32),
    expected=lambda x, b: x[1:2, 1:3, 0:2],
)


def updated(x: np.ndarray, u: np.ndarray) -> np.ndarray:
    x = x.copy()
    x[1, 0:3:2, 1:] = u
    return x


case(
    "slice_update",
    lambda x, u: mb.slice_update(
        x=x,
        update=u,
        begin=[1, 0, 1],
        end=[2, 3, 0],
        stride=[1, 2, 1],
        end_mask=[False, False, True],
        squeeze_mask=[True, False, False],
    ),
    X,
    real(2, 3),
    target=IOS18,
    expected=updated,
)
case(
    "crop", lambda x: mb.crop(x=x, crop_height=[1, 2], crop_width=[0, 1]), real(1, 2, 6, 5), expected=lambda x: x[:, :, 1:-2, :-1]
)
case("reverse", lambda x: mb.reverse(x=x, axes=[0, -1]), X)
case("reverse-all", lambda x: mb.reverse(x=x), X, expected=lambda x: x[::-1, ::-1, ::-1].copy())


def sequences(x: np.ndarray) -> np.ndarray:
    y = x.copy()
    for i, length in enumerate((2, 4, 1)):
        y[i, :length] = x[i, :length][::-1]
    return y


case(
    "reverse_sequence",
    lambda x: mb.reverse_sequence(x=x, lengths=[2, 4, 1], seq_axis=1, batch_axis=0),
    real(3, 4, 2),
    expected=sequences,
)
case(
    "depth_to_space",
    lambda x: mb.depth_to_space(x=x, block_size=2),
    real(1, 8, 2, 3),
    expected=lambda x: x.reshape(1, 2, 2, 2, 2, 3).transpose(0, 3, 4, 1, 5, 2).reshape(1, 2, 4, 6),
)
case(
    "space_to_depth",
    lambda x: mb.space_to_depth(x=x, block_size=2),
    real(1, 2, 4, 6),
    expected=lambda x: x.reshape(1, 2, 2, 2, 3, 2).transpose(0, 3, 5, 1, 2, 4).reshape(1, 8, 2, 3),
)
case(
    "pixel_shuffle",
    lambda x: mb.pixel_shuffle(x=x, upscale_factor=2),
    real(1, 8, 2, 3),
    expected=lambda x: F.pixel_shuffle(t(x), 2),
)
case(
    "pixel_unshuffle",
    lambda x: mb.pixel_unshuffle(x=x, downscale_factor=np.uint32(2)),
    real(2, 3, 4, 6),
    target=IOS16,
    expected=lambda x: F.pixel_unshuffle(t(x), 2),
)


def to_batch(x: np.ndarray) -> np.ndarray:
    p = np.pad(x, ((0, 0), (0, 0), (1, 1), (0, 1)))
    n, c, h, w = p.shape
    return p.reshape(n, c, h // 2, 2, w // 3, 3).transpose(3, 5, 0, 1, 2, 4).reshape(6 * n, c, h // 2, w // 3)


case(
    "space_to_batch",
    lambda x: mb.space_to_batch(x=x, block_shape=[2, 3], paddings=[[1, 1], [0, 1]]),
    real(2, 3, 4, 5),
    expected=to_batch,
)
case(
    "batch_to_space",
    lambda x: mb.batch_to_space(x=x, block_shape=[2, 2], crops=[[0, 1], [1, 0]]),
    real(8, 3, 2, 3),
    expected=lambda x: x.reshape(2, 2, 2, 3, 2, 3).transpose(2, 3, 4, 0, 5, 1).reshape(2, 3, 4, 6)[:, :, :-1, 1:].copy(),
)
case(
    "sliding_windows",
    lambda x: mb.sliding_windows(x=x, axis=1, size=3, stride=2),
    real(2, 8, 2),
    expected=lambda x: np.stack([x[:, i : i + 3] for i in (0, 2, 4)], 1),
)

case("gather", lambda x, i: mb.gather(x=x, indices=i, axis=1), X, whole(-3, 3, 2, 2))
case("gather-scalar", lambda x: mb.gather(x=x, indices=1, axis=1), X)
case(
    "gather-batch",
    lambda x, i: mb.gather(x=x, indices=i, axis=1, batch_dims=1),
    X,
    whole(0, 3, 2, 5),
    target=IOS16,
    expected=lambda x, i: np.stack([x[b][i[b]] for b in range(2)]),
)
case(
    "gather-batch-skip",
    lambda x, i: mb.gather(x=x, indices=i, axis=2, batch_dims=1),
    X,
    whole(0, 4, 2, 5),
    target=IOS16,
    expected=lambda x, i: np.stack([x[b][:, i[b]] for b in range(2)]),
)
case(
    "gather_along_axis",
    lambda x, i: mb.gather_along_axis(x=x, indices=i, axis=1),
    X,
    whole(0, 3, 2, 5, 4),
    expected=lambda x, i: np.take_along_axis(x, i, 1),
)
case("gather_nd", lambda x, i: mb.gather_nd(x=x, indices=i), X, whole(0, 2, 5, 2), expected=lambda x, i: x[i[:, 0], i[:, 1]])
case(
    "gather_nd-batch",
    lambda x, i: mb.gather_nd(x=x, indices=i, batch_dims=1),
    X,
    whole(0, 3, 2, 5, 1),
    target=IOS16,
    expected=lambda x, i: np.stack([x[b][i[b, :, 0]] for b in range(2)]),
)


def scattered(mode: str) -> Callable:
    def apply(x: np.ndarray, u: np.ndarray) -> np.ndarray:
        y = x.copy()
        for k, i in enumerate((2, 0)):
            y[:, i] = {
                "update": u[:, k],
                "add": y[:, i] + u[:, k],
                "sub": y[:, i] - u[:, k],
                "mul": y[:, i] * u[:, k],
                "max": np.maximum(y[:, i], u[:, k]),
                "min": np.minimum(y[:, i], u[:, k]),
            }[mode]
        return y

    return apply


for mode in ("update", "add", "sub", "mul", "max", "min"):
    case(
        f"scatter-{mode}",
        lambda x, u, mode=mode: mb.scatter(data=x, indices=[2, 0], updates=u, axis=1, mode=mode),
        X,
        real(2, 2, 4),
        expected=scattered(mode),
    )
case(
    "scatter_along_axis",
    lambda x, i, u: mb.scatter_along_axis(data=x, indices=i, updates=u, axis=1, mode="add"),
    X,
    whole(0, 3, 2, 2, 4),
    real(2, 2, 4),
    expected=lambda x, i, u: t(x).scatter_add(1, t(i).long(), t(u)),
)
case(
    "scatter_nd",
    lambda x, u: mb.scatter_nd(data=x, indices=[[1, 2], [0, 0]], updates=u, mode="update"),
    X,
    real(2, 4),
    expected=lambda x, u: t(x).index_put((torch.tensor([1, 0]), torch.tensor([2, 0])), t(u)),
)

case("band_part", lambda x: mb.band_part(x=x, lower=1, upper=0), real(2, 4, 4), expected=lambda x: np.triu(np.tril(x), -1))
case("band_part-int", lambda x: mb.band_part(x=x, lower=-1, upper=1), whole(1, 9, 4, 5), expected=lambda x: np.tril(x, 1))


def cumulated(x: np.ndarray, exclusive: bool, reverse: bool) -> np.ndarray:
    x = x[:, ::-1] if reverse else x
    y = np.cumsum(x, 1)
    y = y - x if exclusive else y
    return y[:, ::-1] if reverse else y


for exclusive in (False, True):
    for reverse in (False, True):
        case(
            f"cumsum-{exclusive}-{reverse}",
            lambda x, exclusive=exclusive, reverse=reverse: mb.cumsum(x=x, axis=1, exclusive=exclusive, reverse=reverse),
            X,
            expected=lambda x, exclusive=exclusive, reverse=reverse: cumulated(x, exclusive, reverse),
        )
case("fill", lambda x: mb.fill(shape=mb.shape(x=x), value=2.5), X, expected=lambda x: np.full(x.shape, 2.5, np.float32))
case(
    "fill_like", lambda x: mb.fill_like(ref_tensor=x, value=7), X, target=IOS16, expected=lambda x: np.full(x.shape, 7, np.int32)
)
case(
    "one_hot",
    lambda x: mb.one_hot(indices=x, one_hot_vector_size=4, axis=-1, on_value=2.0, off_value=-1.0),
    whole(0, 4, 2, 3),
    expected=lambda x: np.where(x[..., None] == np.arange(4), 2, -1).astype(np.float32),
)
case(
    "pad",
    lambda x: mb.pad(x=x, pad=[1, 2, 0, 3], mode="constant", constant_val=1.5),
    X,
    expected=lambda x: np.pad(x, ((0, 0), (1, 2), (0, 3)), constant_values=1.5),
)
case(
    "pad-reflect",
    lambda x: mb.pad(x=x, pad=[1, 1, 2, 3], mode="reflect"),
    X,
    expected=lambda x: np.pad(x, ((0, 0), (1, 1), (2, 3)), mode="reflect"),
)
case(
    "pad-replicate",
    lambda x: mb.pad(x=x, pad=[1, 2, 2, 3], mode="replicate"),
    X,
    expected=lambda x: np.pad(x, ((0, 0), (1, 2), (2, 3)), mode="edge"),
)
case(
    "pad-dynamic",
    lambda x, p: mb.pad(x=x, pad=p, mode="constant", constant_val=0.0),
    real(2, 3),
    np.array([1, 0, 2, 3], np.int32),
    expected=lambda x, p: np.pad(x, ((1, 0), (2, 3))),
)
case(
    "range_1d",
    lambda e: mb.range_1d(start=1, end=mb.squeeze(x=e), step=2),
    np.array([9], np.int32),
    expected=lambda e: np.arange(1, 9, 2).astype(np.int32),
)
case("non_zero", lambda x: mb.non_zero(x=x), whole(0, 2, 3, 4), expected=lambda x: np.argwhere(x).astype(np.int32))
case("argsort", lambda x: mb.argsort(x=x, axis=1), X, expected=lambda x: np.argsort(-x, 1).astype(np.int32))
case(
    "argsort-ascending",
    lambda x: mb.argsort(x=x, axis=-1, ascending=True),
    X,
    expected=lambda x: np.argsort(x, -1).astype(np.int32),
)
case(
    "topk",
    lambda x: mb.topk(x=x, k=2, axis=1),
    X,
    expected=lambda x: [v.numpy() if v.dtype == torch.float32 else v.int().numpy() for v in t(x).topk(2, 1)],
)
case(
    "topk-ascending",
    lambda x: mb.topk(x=x, k=2, axis=1, ascending=True, return_indices=False),
    X,
    target=IOS16,
    expected=lambda x: np.sort(x, 1)[:, :2].copy(),
)
