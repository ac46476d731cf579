"""Convolutions in the reference against MLX: every argument that a convolution has."""

from collections.abc import Callable

import mlx.core as mx
import pytest
from references import check, real

LINE = real(2, 11, 6)
IMAGE = real(2, 9, 8, 6)
VOLUME = real(1, 5, 6, 4, 2)
KERNEL = real(4, 3, 2, 6)

CASES: dict[str, Callable[[], None]] = {
    "one dimension": lambda: check(lambda x, w: mx.conv1d(x, w, stride=2, padding=3, dilation=2), LINE, real(4, 3, 6)),
    "two dimensions": lambda: check(lambda x, w: mx.conv2d(x, w, (2, 1), (1, 2), (1, 2)), IMAGE, KERNEL),
    "three dimensions": lambda: check(lambda x, w: mx.conv3d(x, w, padding=(1, 0, 2)), VOLUME, real(3, 2, 3, 2, 2)),
    "groups": lambda: check(lambda x, w: mx.conv2d(x, w, groups=3, padding=1), IMAGE, real(9, 3, 3, 2)),
    "depthwise": lambda: check(lambda x, w: mx.conv2d(x, w, groups=6), IMAGE, real(6, 3, 3, 1)),
    "flipped": lambda: check(lambda x, w: mx.conv_general(x, w, flip=True, padding=1), IMAGE, KERNEL),
    "uneven padding": lambda: check(lambda x, w: mx.conv_general(x, w, padding=([0, 2], [3, 1])), IMAGE, KERNEL),
    "padding below 0": lambda: check(lambda x, w: mx.conv_general(x, w, padding=([-1, 2], [0, -2])), IMAGE, KERNEL),
    "dilated input": lambda: check(lambda x, w: mx.conv_general(x, w, input_dilation=(2, 3), padding=1), IMAGE, KERNEL),
    "dilated input cut": lambda: check(
        lambda x, w: mx.conv_general(x, w, input_dilation=(2, 3), padding=([-1, -2], [-3, 0])), IMAGE, KERNEL
    ),
    "everything": lambda: check(
        lambda x, w: mx.conv_general(
            x, w, stride=2, padding=([1, 2], [3, 0]), kernel_dilation=2, input_dilation=(2, 3), groups=2, flip=True
        ),
        IMAGE,
        real(4, 3, 2, 3),
    ),
    "transposed": lambda: check(
        lambda x, w: mx.conv_transpose2d(x, w, stride=2, padding=1, output_padding=1, dilation=2), IMAGE, real(5, 3, 3, 6)
    ),
    "transposed with groups": lambda: check(lambda x, w: mx.conv_transpose1d(x, w, stride=3, groups=2), LINE, real(4, 3, 3)),
    "of a signal": lambda: check(lambda x, y: [mx.convolve(x, y, mode=m) for m in ("full", "same", "valid")], real(12), real(5)),
    "of halves": lambda: check(
        lambda x, w: mx.conv2d(x, w), IMAGE.astype(mx.bfloat16), KERNEL.astype(mx.bfloat16), tolerance=2e-2
    ),
    "gradients": lambda: check(
        lambda x, w: mx.grad(lambda x, w: mx.square(mx.conv2d(x, w, stride=2, padding=1)).sum(), argnums=(0, 1))(x, w),
        IMAGE,
        KERNEL,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_convolutions(name: str) -> None:
    CASES[name]()
