"""Changes of the type of elements: by value, by bits, and none at all."""

import numpy as np

from fairlead.dtypes import DType
from fairlead.reference import values
from fairlead.reference.call import Call, Function


def cast(array: np.ndarray, dtype: DType) -> np.ndarray:
    """Elements as another type: floats lose their fraction, integers wrap, complex numbers lose their imaginary part.

    Between real floating types the value stays, whatever their widths. Raises ValueError for a float that no int32 and no
    integer of `dtype` holds, NaN among them: MLX gives what the machine gives.
    """
    target = values.computed(dtype)
    if array.dtype.kind == "c" and target.kind not in "cb":
        array = array.real
    if array.dtype.kind != "f" or target.kind not in "iu":
        return array.astype(target)
    whole = np.trunc(array)
    low, high = min(np.iinfo(target).min, -(2**31)), max(np.iinfo(target).max, 2**31 - 1)
    # a float of 2^63 or 2^64 is the first that doesn't fit, since the largest integers are no floats
    fits = (whole >= low) & (whole < float(high + 1))
    if not fits.all():
        raise ValueError(f"{array[~fits].flat[0]} has no {dtype.name}")
    if target == np.uint64:
        return np.where(whole < 0, whole, 0).astype(np.int64).astype(np.uint64) + np.maximum(whole, 0).astype(np.uint64)
    return whole.astype(np.int64).astype(target)


def _as_type(call: Call) -> np.ndarray:
    return cast(call.inputs[0], call.dtypes[0])


def _view(call: Call) -> np.ndarray:
    """The bits of the declared type, read as another; along the last axis where the widths differ."""
    stored = np.ascontiguousarray(values.narrowed(call.inputs[0], call.input_dtypes[0]))
    stored = stored.reshape(call.inputs[0].shape)
    return values.widened(stored.view(call.dtypes[0].storage), call.dtypes[0])


def _same(call: Call) -> np.ndarray:
    return call.inputs[0]


def _depends(call: Call) -> list[np.ndarray]:
    """The first inputs; the others only have to be computed before."""
    return list(call.inputs[: len(call.shapes)])


TABLE: dict[str, Function] = {
    "AsType": _as_type,
    "Copy": _same,
    "Depends": _depends,
    "StopGradient": _same,
    "View": _view,
}
