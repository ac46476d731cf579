package dev.fairlead.parity.locate;

import dev.fairlead.model.graph.Node;
import java.util.Set;

/** How an operator's result may differ from the exact one. */
enum Kind {
    /** Moves numbers, or computes each with one operation that IEEE 754 rounds: only the correctly rounded result is right. */
    ROUNDED,
    /** Integers that stand for rounded quotients: one step to either side. */
    STEPPED,
    /** Sums of products: held to the same operator on absolute values. */
    LINEAR,
    /** A function of each element, of library quality: held to how its result moves with its input. */
    FUNCTION,
    /** All else: the same, over as many terms as it may sum. */
    COMPOSED,
    /** Draws random numbers, or runs other graphs. */
    UNKNOWN;

    private static final Set<String> ROUNDINGS = Set.of(
            "Abs",
            "Add",
            "And",
            "ArgMax",
            "ArgMin",
            "BitShift",
            "BitwiseAnd",
            "BitwiseNot",
            "BitwiseOr",
            "BitwiseXor",
            "Cast",
            "CastLike",
            "Ceil",
            "CenterCropPad",
            "Clip",
            "Col2Im",
            "Compress",
            "Concat",
            "Constant",
            "ConstantOfShape",
            "DepthToSpace",
            "Dropout",
            "Equal",
            "Expand",
            "EyeLike",
            "Flatten",
            "Floor",
            "Gather",
            "GatherElements",
            "GatherND",
            "GlobalMaxPool",
            "Greater",
            "GreaterOrEqual",
            "Identity",
            "IsInf",
            "IsNaN",
            "Less",
            "LessOrEqual",
            "MatMulInteger",
            "ConvInteger",
            "Max",
            "MaxPool",
            "Min",
            "Mul",
            "Neg",
            "NonZero",
            "Not",
            "OneHot",
            "Or",
            "Pad",
            "Range",
            "ReduceMax",
            "ReduceMin",
            "Relu",
            "Reshape",
            "ReverseSequence",
            "Round",
            "ScatterElements",
            "ScatterND",
            "Shape",
            "Sign",
            "Size",
            "Slice",
            "SpaceToDepth",
            "Split",
            "Squeeze",
            "Sub",
            "Tile",
            "TopK",
            "Transpose",
            "Trilu",
            "Unique",
            "Unsqueeze",
            "Where",
            "Xor");
    private static final Set<String> STEPS =
            Set.of("QuantizeLinear", "DynamicQuantizeLinear", "QLinearConv", "QLinearMatMul");
    private static final Set<String> LINEARS = Set.of(
            "AveragePool",
            "Conv",
            "ConvTranspose",
            "CumSum",
            "Einsum",
            "Gemm",
            "GlobalAveragePool",
            "MatMul",
            "Mean",
            "ReduceL1",
            "ReduceMean",
            "ReduceSum",
            "Sum");
    private static final Set<String> FUNCTIONS = Set.of(
            "Acos",
            "Acosh",
            "Asin",
            "Asinh",
            "Atan",
            "Atanh",
            "BiasGelu",
            "Celu",
            "Cos",
            "Cosh",
            "DequantizeLinear",
            "Div",
            "Elu",
            "Erf",
            "Exp",
            "FastGelu",
            "Gelu",
            "HardSigmoid",
            "HardSwish",
            "LeakyRelu",
            "Log",
            "Mish",
            "Mod",
            "PRelu",
            "Pow",
            "QuickGelu",
            "Reciprocal",
            "Selu",
            "Sigmoid",
            "Sin",
            "Sinh",
            "Softplus",
            "Softsign",
            "Sqrt",
            "Swish",
            "Tan",
            "Tanh",
            "ThresholdedRelu");
    private static final Set<String> UNKNOWNS = Set.of(
            "Bernoulli",
            "If",
            "Loop",
            "Multinomial",
            "RandomNormal",
            "RandomNormalLike",
            "RandomUniform",
            "RandomUniformLike",
            "Scan",
            "SequenceMap");

    /** Of these a machine takes the operands in a narrower type where its contract says so. */
    private static final Set<String> PRODUCTS =
            Set.of("Attention", "Conv", "ConvTranspose", "Einsum", "Gemm", "GRU", "LSTM", "MatMul", "RNN");

    static Kind of(Node node) {
        String op = node.op();
        if (ROUNDINGS.contains(op)) {
            return ROUNDED;
        }
        if (STEPS.contains(op)) {
            return STEPPED;
        }
        if (LINEARS.contains(op)) {
            return LINEAR;
        }
        if (FUNCTIONS.contains(op)) {
            return FUNCTION;
        }
        return UNKNOWNS.contains(op) ? UNKNOWN : COMPOSED;
    }

    static boolean isProduct(Node node) {
        return PRODUCTS.contains(node.op()) || node.op().endsWith("Attention");
    }
}
