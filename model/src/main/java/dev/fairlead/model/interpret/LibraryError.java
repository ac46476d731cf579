package dev.fairlead.model.interpret;

import dev.fairlead.model.tensor.DType;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * What operators that are no single rounded operation may be off by: functions of a mathematical library and operators of several steps.
 * CUDA's programming guide allows its float32 functions 1 to 4 units of least precision; the error here is uniform within
 * two units of float32, whatever narrower type the result is then rounded to.
 */
final class LibraryError {
    private static final double BOUND = 2 * 0x1p-23;

    private static final Set<String> ROUNDED_ONCE = Set.of(
            "Abs",
            "Add",
            "And",
            "Cast",
            "CastLike",
            "Ceil",
            "Clip",
            "Compress",
            "Concat",
            "Constant",
            "ConstantOfShape",
            "DepthToSpace",
            "Div",
            "Dropout",
            "Expand",
            "EyeLike",
            "Flatten",
            "Floor",
            "Gather",
            "GatherElements",
            "GatherND",
            "Identity",
            "If",
            "LeakyRelu",
            "Loop",
            "Max",
            "MaxPool",
            "GlobalMaxPool",
            "MaxUnpool",
            "Min",
            "Mod",
            "Mul",
            "Neg",
            "Not",
            "OneHot",
            "Pad",
            "PRelu",
            "Range",
            "ReduceMax",
            "ReduceMin",
            "Relu",
            "Reshape",
            "Reciprocal",
            "Round",
            "Scan",
            "ScatterElements",
            "ScatterND",
            "Shrink",
            "Sign",
            "Slice",
            "SpaceToDepth",
            "Split",
            "Sqrt",
            "Squeeze",
            "Sub",
            "Sum",
            "Tile",
            "TopK",
            "Transpose",
            "Trilu",
            "Unsqueeze",
            "Upsample",
            "Where",
            "MatMul",
            "Gemm",
            "Conv",
            "ConvTranspose",
            "ReduceSum",
            "ReduceMean",
            "ReduceSumSquare",
            "ReduceL1",
            "AveragePool",
            "GlobalAveragePool",
            "CumSum",
            "Einsum",
            "DequantizeLinear",
            "QuantizeLinear",
            "DynamicQuantizeLinear",
            "MatMulNBits",
            "GatherBlockQuantized",
            "ThresholdedRelu",
            "Hardmax",
            "HardSigmoid");

    private LibraryError() {}

    static Array.Reals of(String op, Array.Reals reals, SplittableRandom random) {
        if (ROUNDED_ONCE.contains(op) || reals.dtype() == DType.FLOAT64) {
            return reals;
        }
        double[] values = new double[reals.values().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = reals.values()[i] * (1 + BOUND * random.nextDouble(-1, 1));
        }
        return new Array.Reals(reals.dtype(), reals.shape(), values);
    }
}
