"""Which primitives have a reference, and that each of them has been held against something."""

import numpy as np
import pytest
from references import SEEN, real, single

from fairlead.reference import supported

# all that MLX 0.32.4 exports
EXPORTED = """
Abs Add AddMM Arange ArcCos ArcCosh ArcSin ArcSinh ArcTan ArcTan2 ArcTanh ArgPartition ArgReduce ArgSort AsStrided AsType
BitwiseBinary BlockMaskedMM Broadcast BroadcastAxes Ceil Cholesky Concatenate Conjugate Convolution Copy Cos Cosh CustomKernel
Depends DivMod Divide DynamicSlice DynamicSliceUpdate Eig Eigh Equal Erf ErfInv Exp ExpandDims Expm1 FFT Flatten Floor FloorDivide
Full Gather GatherAxis GatherMM GatherQMM Greater GreaterEqual Hadamard Imag Inverse LayerNorm LayerNormVJP Less LessEqual Log
Log1p LogAddExp LogSumExp LogicalAnd LogicalNot LogicalOr MaskedScatter Matmul Maximum Minimum Multiply Negative NotEqual
NumberOfElements Pad Partition Power QRF Quantize QuantizedMatmul RMSNorm RMSNormVJP RandomBits Real Reduce Remainder Reshape RoPE
Round SVD ScaledDotProductAttention Scan Scatter ScatterAxis SearchSorted Select Sigmoid Sign Sin Sinh Slice SliceUpdate Softmax
Sort Split Sqrt Square Squeeze StopGradient Subtract Tan Tanh Transpose Unflatten View
""".split()
# a kernel in Metal's own language
WITHOUT = {"CustomKernel"}


def test_all_that_mlx_exports_has_a_reference() -> None:
    assert supported() == set(EXPORTED) - WITHOUT


@pytest.mark.parametrize("op", ["Copy", "StopGradient"])
def test_what_a_trace_leaves_out(op: str) -> None:
    x = real(3, 4)
    (found,) = single(op, [x], [], [("float32", x.shape)])
    assert np.array_equal(found, np.array(x))


def test_every_reference_has_been_held_against_something(request: pytest.FixtureRequest) -> None:
    files = {item.path.name for item in request.session.items}
    here = {path.name for path in request.path.parent.glob("test_reference_*.py")}
    if not here <= files:
        pytest.skip("only some of the reference's tests run")
    assert supported() - SEEN == set()
