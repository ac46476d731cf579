"""The cases of the suite coreml-operations, as the modules of the families add them."""

from collections.abc import Callable

import coremltools as ct
import numpy as np
import torch
from coremltools.converters.mil.mil import types

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
