"""The dtypes of docs/interchange.md, as MLX, NumPy and safetensors call them."""

from dataclasses import dataclass

import mlx.core as mx
import numpy as np


@dataclass(frozen=True)
class DType:
    """One element type. `storage` is the little-endian NumPy type of its bytes: for bfloat16 the bits as uint16."""

    name: str
    safetensors: str
    mlx: mx.Dtype
    storage: np.dtype

    @property
    def size(self) -> int:
        """Bytes of one element."""
        return self.storage.itemsize


def _dtype(name: str, code: str, storage: str) -> DType:
    return DType(name, code, mx.bool_ if name == "bool" else getattr(mx, name), np.dtype(storage))


ALL = (
    _dtype("bool", "BOOL", "?"),
    _dtype("uint8", "U8", "u1"),
    _dtype("uint16", "U16", "<u2"),
    _dtype("uint32", "U32", "<u4"),
    _dtype("uint64", "U64", "<u8"),
    _dtype("int8", "I8", "i1"),
    _dtype("int16", "I16", "<i2"),
    _dtype("int32", "I32", "<i4"),
    _dtype("int64", "I64", "<i8"),
    _dtype("float16", "F16", "<f2"),
    _dtype("bfloat16", "BF16", "<u2"),
    _dtype("float32", "F32", "<f4"),
    _dtype("float64", "F64", "<f8"),
    _dtype("complex64", "C64", "<c8"),
)
BY_NAME = {dtype.name: dtype for dtype in ALL}
BY_SAFETENSORS = {dtype.safetensors: dtype for dtype in ALL}
_BY_MLX = {str(dtype.mlx): dtype for dtype in ALL}


def of(array: mx.array) -> DType:
    """The dtype of an MLX array."""
    return from_mlx(array.dtype)


def from_mlx(dtype: mx.Dtype) -> DType:
    """The entry for an MLX dtype."""
    return _BY_MLX[str(dtype)]


def to_numpy(array: mx.array) -> np.ndarray:
    """The array's elements in their storage type, row-major. Evaluates the array."""
    dtype = of(array)
    if dtype.mlx == mx.bfloat16:
        array = mx.view(array, mx.uint16)
    return np.ascontiguousarray(np.array(array)).astype(dtype.storage, copy=False).reshape(array.shape)


def to_mlx(values: np.ndarray, dtype: DType) -> mx.array:
    """An MLX array from elements in `dtype`'s storage type. float64 keeps its width."""
    if dtype.mlx == mx.bfloat16:
        return mx.view(mx.array(values), mx.bfloat16)
    return mx.array(values, dtype=dtype.mlx)
