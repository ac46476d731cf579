"""Products, convolutions, pooling, normalisation, sampling, recurrent layers, attention, control flow."""

import numpy as np
import torch
from coremltools.converters.mil import Builder as mb  # noqa: N813
from torch.nn import functional as F  # noqa: N812

from mil_cases import IOS16, IOS17, IOS18, RANDOM, case, positive, real, t, whole

X = real(2, 3, 4)
W = real(5, 4)
case("linear", lambda x: mb.linear(x=x, weight=W, bias=np.arange(5, dtype=np.float32)), X)
case("linear-2d", lambda x: mb.linear(x=x, weight=W), real(3, 4))
case(
    "linear-half-weight",
    lambda x: mb.linear(x=x, weight=W.astype(np.float16)),
    real(3, 4),
    target=IOS17,
    expected=lambda x: x @ W.astype(np.float16).astype(np.float32).T,
)
case("matmul", lambda x, y: mb.matmul(x=x, y=y), X, real(4, 5))
case("matmul-transposed", lambda x, y: mb.matmul(x=x, y=y, transpose_x=True, transpose_y=True), real(2, 4, 3), real(5, 4))
case("matmul-vector", lambda x, y: mb.matmul(x=x, y=y), real(4), real(4, 5))
case(
    "einsum",
    lambda x, y: mb.einsum(values=(x, y), equation="nchw,nwhu->nchu"),
    real(1, 2, 3, 4),
    real(1, 4, 3, 5),
    expected=lambda x, y: np.einsum("nchw,nwhu->nchu", x, y),
)

C1, C2, C3 = real(4, 3, 3), real(6, 2, 3, 2), real(2, 3, 2, 2, 2)
case(
    "conv-1d",
    lambda x: mb.conv(x=x, weight=C1, pad_type="custom", pad=[1, 2], strides=[2]),
    real(2, 3, 9),
    expected=lambda x: F.conv1d(F.pad(t(x), (1, 2)), t(C1), stride=2),
)
case(
    "conv-2d",
    lambda x: mb.conv(x=x, weight=C2, bias=np.arange(6, dtype=np.float32), groups=2, dilations=[2, 1]),
    real(1, 4, 8, 7),
    expected=lambda x: F.conv2d(t(x), t(C2), torch.arange(6).float(), dilation=(2, 1), groups=2),
)
case("conv-3d", lambda x: mb.conv(x=x, weight=C3), real(1, 3, 4, 5, 6), expected=lambda x: F.conv3d(t(x), t(C3)))
case(
    "conv-same",
    lambda x: mb.conv(x=x, weight=C2, groups=2, pad_type="same", strides=[2, 2]),
    real(1, 4, 8, 7),
    expected=lambda x: F.conv2d(F.pad(t(x), (0, 1, 0, 1)), t(C2), stride=2, groups=2),
)
case(
    "conv-same_lower",
    lambda x: mb.conv(x=x, weight=C2, groups=2, pad_type="same_lower", strides=[2, 2]),
    real(1, 4, 8, 7),
    expected=lambda x: F.conv2d(F.pad(t(x), (1, 0, 1, 0)), t(C2), stride=2, groups=2),
    target=IOS16,
)
T2 = real(4, 3, 3, 2)
case(
    "conv_transpose",
    lambda x: mb.conv_transpose(x=x, weight=T2, strides=[2, 3], groups=2, pad_type="custom", pad=[1, 1, 0, 0]),
    real(1, 4, 5, 6),
    expected=lambda x: F.conv_transpose2d(t(x), t(T2), stride=(2, 3), padding=(1, 0), groups=2),
)
case(
    "conv_transpose-shape",
    lambda x: mb.conv_transpose(
        x=x, weight=T2, strides=[2, 3], groups=2, pad_type="custom", pad=[1, 1, 0, 0], output_shape=[1, 6, 10, 19]
    ),
    real(1, 4, 5, 6),
    expected=lambda x: F.conv_transpose2d(t(x), t(T2), stride=(2, 3), padding=(1, 0), output_padding=(1, 2), groups=2),
)

P = real(1, 2, 9, 8)
case(
    "max_pool",
    lambda x: mb.max_pool(x=x, kernel_sizes=[3, 2], strides=[2, 2], pad_type="custom", pad=[1, 1, 0, 0]),
    P,
    expected=lambda x: F.max_pool2d(t(x), (3, 2), 2, (1, 0)),
)
case(
    "max_pool-ceil",
    lambda x: mb.max_pool(x=x, kernel_sizes=[2, 3], strides=[2, 2], pad_type="custom", pad=[1, 1, 1, 1], ceil_mode=True),
    P,
    expected=lambda x: F.max_pool2d(t(x), (2, 3), 2, (1, 1), ceil_mode=True),
)
for ceil in (False, True):
    for excluded in (False, True):
        case(
            f"avg_pool-{ceil}-{excluded}",
            lambda x, ceil=ceil, excluded=excluded: mb.avg_pool(
                x=x,
                kernel_sizes=[3, 3],
                strides=[2, 2],
                pad_type="custom",
                pad=[1, 1, 1, 1],
                ceil_mode=ceil,
                exclude_padding_from_average=excluded,
            ),
            P,
            expected=lambda x, ceil=ceil, excluded=excluded: F.avg_pool2d(
                t(x), 3, 2, 1, ceil_mode=ceil, count_include_pad=not excluded
            ),
        )
case(
    "avg_pool-1d",
    lambda x: mb.avg_pool(x=x, kernel_sizes=[3], strides=[2], pad_type="valid", ceil_mode=True),
    real(1, 2, 8),
    expected=lambda x: F.avg_pool1d(t(x), 3, 2, ceil_mode=True),
)
case(
    "avg_pool-3d",
    lambda x: mb.avg_pool(x=x, kernel_sizes=[2, 2, 2], strides=[1, 1, 1], pad_type="valid"),
    real(1, 2, 4, 4, 4),
    expected=lambda x: F.avg_pool3d(t(x), 2, 1),
)
case(
    "l2_pool",
    lambda x: mb.l2_pool(x=x, kernel_sizes=[2, 2], strides=[2, 2], pad_type="valid"),
    P,
    expected=lambda x: F.lp_pool2d(t(x), 2.0, 2),
)

V = positive(3)
case(
    "batch_norm",
    lambda x: mb.batch_norm(x=x, mean=V - 0.5, variance=V, gamma=2 * V, beta=-V, epsilon=1e-3),
    real(2, 3, 4, 5),
    expected=lambda x: F.batch_norm(t(x), t(V - 0.5), t(V), t(2 * V), t(-V), eps=1e-3),
)
case(
    "batch_norm-plain",
    lambda x: mb.batch_norm(x=x, mean=V, variance=V),
    real(2, 3, 6),
    expected=lambda x: F.batch_norm(t(x), t(V), t(V)),
)
case(
    "instance_norm",
    lambda x: mb.instance_norm(x=x, gamma=V, beta=-V, epsilon=1e-2),
    real(2, 3, 4, 5),
    expected=lambda x: F.instance_norm(t(x), weight=t(V), bias=t(-V), eps=1e-2),
)
case(
    "layer_norm",
    lambda x: mb.layer_norm(x=x, axes=[-2, -1], gamma=W[:3], beta=W[1:4], epsilon=1e-2),
    X,
    expected=lambda x: F.layer_norm(t(x), (3, 4), t(W[:3]), t(W[1:4]), 1e-2),
)
case(
    "layer_norm-channel",
    lambda x: mb.layer_norm(x=x, axes=[1], gamma=V, beta=-V, epsilon=1e-2),
    X,
    expected=lambda x: F.layer_norm(t(x).transpose(1, 2), (3,), t(V), t(-V), 1e-2).transpose(1, 2),
)
case("layer_norm-plain", lambda x: mb.layer_norm(x=x, axes=[2]), X, expected=lambda x: F.layer_norm(t(x), (4,)))
case(
    "l2_norm",
    lambda x: mb.l2_norm(x=x, epsilon=1e-2),
    real(2, 3, 4, 5),
    expected=lambda x: x / np.sqrt((x**2).sum((1, 2, 3), keepdims=True) + np.float32(1e-2)),
)
case(
    "local_response_norm",
    lambda x: mb.local_response_norm(x=x, size=3, alpha=0.5, beta=0.6, k=1.5),
    real(2, 5, 4, 5),
    expected=lambda x: F.local_response_norm(t(x), 3, 0.5, 0.6, 1.5),
)

IMAGE = real(1, 2, 4, 5)
case(
    "upsample_nearest_neighbor",
    lambda x: mb.upsample_nearest_neighbor(x=x, scale_factor_height=2, scale_factor_width=3),
    IMAGE,
    expected=lambda x: F.interpolate(t(x), scale_factor=(2, 3), mode="nearest"),
)
case(
    "resize_nearest_neighbor",
    lambda x: mb.resize_nearest_neighbor(x=x, target_size_height=7, target_size_width=3),
    IMAGE,
    expected=lambda x: F.interpolate(t(x), size=(7, 3), mode="nearest"),
)
for align in (False, True):
    case(
        f"upsample_bilinear-{align}",
        lambda x, align=align: mb.upsample_bilinear(x=x, scale_factor_height=2, scale_factor_width=3, align_corners=align),
        IMAGE,
        expected=lambda x, align=align: F.interpolate(t(x), scale_factor=(2, 3), mode="bilinear", align_corners=align),
    )
case(
    "upsample_bilinear-3d",
    lambda x: mb.upsample_bilinear(x=x, scale_factor_height=2, scale_factor_width=3, align_corners=False),
    IMAGE[0],
    expected=lambda x: F.interpolate(t(x[None]), scale_factor=(2, 3), mode="bilinear", align_corners=False)[0],
)


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


case(
    "resize_bilinear-DEFAULT",
    lambda x: mb.resize_bilinear(x=x, target_size_height=7, target_size_width=3),
    IMAGE,
    expected=lambda x: sampled(x, 7, 3, "DEFAULT"),
)
for sampling, align in (("STRICT_ALIGN_CORNERS", True), ("ALIGN_CORNERS", True), ("UNALIGN_CORNERS", False)):
    case(
        f"resize_bilinear-{sampling}",
        lambda x, sampling=sampling: mb.resize_bilinear(x=x, target_size_height=7, target_size_width=3, sampling_mode=sampling),
        IMAGE,
        expected=lambda x, align=align: F.interpolate(t(x), size=(7, 3), mode="bilinear", align_corners=align),
    )
case(
    "resize",
    lambda x: mb.resize(
        x=x, shape=[8, 0], resized_dims=np.uint32(2), interpolation_mode="LINEAR", sampling_mode="UNALIGN_CORNERS"
    ),
    IMAGE,
    target=IOS17,
    expected=lambda x: F.interpolate(t(x), size=(8, 5), mode="bilinear", align_corners=False),
)
G = (2.4 * RANDOM.rand(1, 3, 6, 2) - 1.2).astype(np.float32)
for padding, torch_padding in (("constant", "zeros"), ("border", "border")):
    for align in (False, True):
        case(
            f"resample-{padding}-{align}",
            lambda x, g, padding=padding, align=align: mb.resample(
                x=x,
                coordinates=g,
                sampling_mode="bilinear",
                padding_mode=padding,
                padding_value=0.0,
                coordinates_mode="normalized_minus_one_to_one",
                align_corners=align,
            ),
            IMAGE,
            G,
            expected=lambda x, g, align=align, p=torch_padding: F.grid_sample(t(x), t(g), padding_mode=p, align_corners=align),
        )
case(
    "resample-reflection",
    lambda x, g: mb.resample(
        x=x,
        coordinates=g,
        sampling_mode="bilinear",
        padding_mode="reflection",
        padding_value=0.0,
        coordinates_mode="normalized_minus_one_to_one",
        align_corners=True,
    ),
    IMAGE,
    G,
    expected=lambda x, g: F.grid_sample(t(x), t(g), padding_mode="reflection", align_corners=True),
)
case(
    "resample-unnormalized",
    lambda x, g: mb.resample(
        x=x,
        coordinates=g,
        sampling_mode="bilinear",
        padding_mode="border",
        padding_value=0.0,
        coordinates_mode="unnormalized",
        align_corners=True,
    ),
    IMAGE,
    (3 * RANDOM.rand(1, 3, 6, 2)).astype(np.float32),
    expected=lambda x, g: F.grid_sample(t(x), t(g) / torch.tensor([4.0, 3.0]) * 2 - 1, padding_mode="border", align_corners=True),
)
A = np.array([[0.9, 0.2, 0.1, -0.1, 0.8, -0.2]], np.float32)
case(
    "affine",
    lambda x, m: mb.affine(
        x=x,
        transform_matrix=m,
        output_height=5,
        output_width=6,
        sampling_mode="bilinear",
        padding_mode="constant",
        padding_value=0.0,
        coordinates_mode="normalized_minus_one_to_one",
        align_corners=True,
    ),
    IMAGE,
    A,
    expected=lambda x, m: F.grid_sample(
        t(x), F.affine_grid(t(m).view(1, 2, 3), (1, 2, 5, 6), align_corners=True), align_corners=True
    ),
)


def reorder(weight: torch.Tensor) -> np.ndarray:
    """torch's gates i f z o as MIL's i f o z."""
    i, f, z, o = weight.detach().chunk(4)
    return torch.cat((i, f, o, z)).numpy()


def lstm(both: bool) -> None:
    torch.manual_seed(3)
    layer = torch.nn.LSTM(3, 4, bidirectional=both)
    more = {}
    if both:
        more = {
            "weight_ih_back": reorder(layer.weight_ih_l0_reverse),
            "weight_hh_back": reorder(layer.weight_hh_l0_reverse),
            "bias_back": reorder(layer.bias_ih_l0_reverse + layer.bias_hh_l0_reverse),
        }
    for sequence in (False, True):

        def expected(x, h, c, sequence=sequence):
            d = 2 if both else 1
            y, (hn, cn) = layer(
                t(x), (t(h).view(2, d, 4).transpose(0, 1).contiguous(), t(c).view(2, d, 4).transpose(0, 1).contiguous())
            )

            def flat(s):
                return s.transpose(0, 1).reshape(2, 4 * d)

            return [v.detach().numpy() for v in (y if sequence else flat(hn)[None], flat(hn), flat(cn))]

        case(
            f"lstm-{'both' if both else 'forward'}-{sequence}",
            lambda x, h, c, sequence=sequence: mb.lstm(
                x=x,
                initial_h=h,
                initial_c=c,
                weight_ih=reorder(layer.weight_ih_l0),
                weight_hh=reorder(layer.weight_hh_l0),
                bias=reorder(layer.bias_ih_l0 + layer.bias_hh_l0),
                direction="bidirectional" if both else "forward",
                output_sequence=sequence,
                **more,
            ),
            real(5, 2, 3),
            real(2, 8 if both else 4),
            real(2, 8 if both else 4),
            expected=expected,
        )


lstm(False)
lstm(True)
GI, GH, GB = real(12, 3), real(12, 4), real(12)


def gru(x: np.ndarray, h: np.ndarray) -> list[np.ndarray]:
    def sigmoid(v):
        return 1 / (1 + np.exp(-v))

    (ir, io, iz), (hr, ho, hz), (br, bo, bz) = np.split(GI, 3), np.split(GH, 3), np.split(GB, 3)
    steps = []
    for k in range(len(x) - 1, -1, -1):
        z = sigmoid(x[k] @ iz.T + h @ hz.T + bz)
        r = sigmoid(x[k] @ ir.T + h @ hr.T + br)
        o = np.tanh(x[k] @ io.T + (r * h) @ ho.T + bo)
        h = (1 - z) * o + z * h
        steps.append(h)
    return [np.stack(steps), h]


case(
    "gru-reverse",
    lambda x, h: mb.gru(x=x, initial_h=h, weight_ih=GI, weight_hh=GH, bias=GB, direction="reverse", output_sequence=True),
    real(5, 2, 3),
    real(2, 4),
    expected=gru,
)
RI, RH, RB = real(4, 3), real(4, 4), real(4)


def rnn(x: np.ndarray, h: np.ndarray) -> list[np.ndarray]:
    for k in range(len(x)):
        h = np.tanh(x[k] @ RI.T + h @ RH.T + RB)
    return [h[None], h]


case("rnn", lambda x, h: mb.rnn(x=x, initial_h=h, weight_ih=RI, weight_hh=RH, bias=RB), real(5, 2, 3), real(2, 4), expected=rnn)

case(
    "cond",
    lambda x: mb.cond(
        pred=mb.greater(x=mb.reduce_sum(x=x), y=0.0), _true_fn=lambda: mb.add(x=x, y=1.0), _false_fn=lambda: mb.mul(x=x, y=2.0)
    ),
    -positive(3),
    expected=lambda x: 2 * x,
)
case(
    "while_loop",
    lambda x: mb.while_loop(
        _cond=lambda i, y: mb.less(x=i, y=3.0),
        _body=lambda i, y: (mb.add(x=i, y=1.0), mb.mul(x=y, y=y)),
        loop_vars=(np.float32(0), x),
    ),
    positive(3),
    expected=lambda x: [np.float32(3), x**8],
)
for masked in (None, "float", "bool"):

    def attention(q, k, v, m=None, masked=masked):
        mask = {None: None, "float": m, "bool": mb.cast(x=m, dtype="bool") if masked == "bool" else None}[masked]
        return mb.scaled_dot_product_attention(query=q, key=k, value=v, **({} if mask is None else {"attn_mask": mask}))

    def attended(q, k, v, m=None, masked=masked):
        mask = None if masked is None else t(m).bool() if masked == "bool" else t(m)
        return F.scaled_dot_product_attention(t(q), t(k), t(v), attn_mask=mask)

    extra = {None: (), "float": (real(5, 6),), "bool": (np.maximum(whole(0, 2, 5, 6), np.eye(5, 6, dtype=np.int32)),)}[masked]
    case(
        f"attention-{masked}",
        attention,
        real(2, 3, 5, 8),
        real(2, 3, 6, 8),
        real(2, 3, 6, 7),
        *extra,
        target=IOS18,
        expected=attended,
    )
case(
    "quantize",
    lambda x: mb.cast(
        x=mb.quantize(
            input=x,
            scale=np.array([0.1, 0.2, 0.3], np.float32),
            zero_point=np.array([1, -2, 3], np.int8),
            output_dtype="int8",
            axis=1,
        ),
        dtype="int32",
    ),
    X,
    target=IOS17,
    expected=lambda x: np.clip(
        np.round(x / np.array([0.1, 0.2, 0.3], np.float32)[:, None]) + np.array([[1], [-2], [3]]), -128, 127
    ).astype(np.int32),
)
case(
    "dequantize",
    lambda x: mb.dequantize(input=mb.cast(x=x, dtype="uint8"), scale=np.float32(0.5), zero_point=np.uint8(3)),
    whole(0, 255, 9),
    target=IOS17,
    expected=lambda x: (x - 3) * np.float32(0.5),
)
