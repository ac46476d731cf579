"""Fourier transforms."""

import mlx.core as mx

from fairlead.replay.call import Call, Replay


def _fft(call: Call) -> mx.array:
    # the rest of the state is whether a real result's length is odd, which the declared shape says too
    axes, inverse, real, *_ = call.arguments
    sizes = [call.shapes[0][axis] for axis in axes] if inverse else [call.inputs[0].shape[axis] for axis in axes]
    if real:
        function = mx.fft.irfftn if inverse else mx.fft.rfftn
    else:
        function = mx.fft.ifftn if inverse else mx.fft.fftn
    return function(call.inputs[0], s=sizes, axes=axes)


TABLE: dict[str, Replay] = {
    "FFT": _fft,
}
