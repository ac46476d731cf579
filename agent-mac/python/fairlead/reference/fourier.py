"""Fourier transforms."""

import numpy as np

from fairlead.reference.call import Call, Function


def _fft(call: Call) -> np.ndarray:
    """Along axes, the inverse divided by the number of elements. A real transform keeps half of the last axis."""
    axes, inverse, real, *_ = call.arguments
    x = call.inputs[0]
    if not real:
        return (np.fft.ifftn if inverse else np.fft.fftn)(x, axes=axes)
    if not inverse:
        return np.fft.rfftn(x, axes=axes)
    return np.fft.irfftn(x, s=[call.shapes[0][axis] for axis in axes], axes=axes)


TABLE: dict[str, Function] = {"FFT": _fft}
