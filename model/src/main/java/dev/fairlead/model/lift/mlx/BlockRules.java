package dev.fairlead.model.lift.mlx;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.mlx.MlxNode;
import dev.fairlead.model.mlx.MlxValue;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Products of matrices that are picked, masked by blocks, or fixed. */
final class BlockRules {
    private static final int MOST_HADAMARD = 1 << 12;

    private BlockRules() {}

    static void register(Rules rules) {
        rules.add("GatherMM", 2, 1, BlockRules::gathered);
        rules.add("BlockMaskedMM", 1, 1, BlockRules::masked);
        rules.add("Inverse", 2, 1, BlockRules::inverse);
        rules.add("Hadamard", 1, 1, BlockRules::hadamard);
    }

    /** An operator of ONNX Runtime's; ONNX has the determinant only. What a triangular matrix has beyond its triangle is left out. */
    private static void inverse(MlxNode node, Emitter out) {
        MlxValue x = node.input(0);
        if (node.flag(0)) {
            String triangle = out.inner("Trilu", Attributes.of("upper", node.flag(1) ? 1 : 0), out.of(x));
            out.result(node.output(), "com.microsoft.Inverse", triangle);
        } else {
            out.result(node.output(), "com.microsoft.Inverse", out.of(x));
        }
    }

    private static void gathered(MlxNode node, Emitter out) {
        String a = picked(node.input(0), node.input(2), out);
        String b = picked(node.input(1), node.input(3), out);
        out.result(node.output(), "MatMul", a, b);
    }

    /** Matrices of a stack of any leading axes, by their index in it; the indices' axes come first. */
    static String picked(MlxValue stack, MlxValue indices, Emitter out) {
        List<Expression> flat = new ArrayList<>(stack.shape().subList(stack.rank() - 2, stack.rank()));
        Expression count = Expression.of(1);
        for (Expression size : stack.shape().subList(0, stack.rank() - 2)) {
            count = count.times(size);
        }
        flat.addFirst(count);
        String matrices =
                stack.rank() == 3 ? out.of(stack) : out.inner("Reshape", out.of(stack), ShapeRules.target(flat, out));
        String index = out.cast(out.of(indices), indices.dtype(), DType.INT64);
        return out.inner("Gather", Attributes.of("axis", 0), matrices, index);
    }

    /** Inputs a, b, then the result's mask, or the operands' masks, or all three. */
    private static void masked(MlxNode node, Emitter out) {
        int block = Math.toIntExact(node.integer(0));
        int masks = node.inputs().size() - 2;
        boolean ofResult = masks == 1 || masks == 3;
        String a = out.of(node.input(0));
        String b = out.of(node.input(1));
        if (masks > 1) {
            int first = ofResult ? 3 : 2;
            a = applied(a, node.input(0), node.input(first), block, node, out);
            b = applied(b, node.input(1), node.input(first + 1), block, node, out);
        }
        if (!ofResult) {
            out.result(node.output(), "MatMul", a, b);
            return;
        }
        String product = out.inner("MatMul", a, b);
        String result = applied(product, node.output(), node.input(2), block, node, out);
        out.result(node.output(), "Identity", result);
    }

    private static String applied(String x, MlxValue value, MlxValue mask, int block, MlxNode node, Emitter out) {
        int rank = mask.rank();
        List<Expression> spread = new ArrayList<>();
        List<Expression> flat = new ArrayList<>(mask.shape().subList(0, rank - 2));
        for (int axis = 0; axis < rank; axis++) {
            spread.add(mask.shape().get(axis));
            if (axis >= rank - 2) {
                spread.add(Expression.of(block));
                Expression size = mask.shape().get(axis).times(Expression.of(block));
                if (!size.equals(value.shape().get(value.rank() - rank + axis))) {
                    throw new ModelException(
                            ErrorCode.UNSUPPORTED,
                            node.file(),
                            node.path(),
                            "a mask whose blocks do not fill the matrix cannot be converted");
                }
                flat.add(size);
            }
        }
        String column = out.inner("Unsqueeze", out.of(mask), out.integers(List.of(rank - 1, rank + 1)));
        String blocks = out.inner("Expand", column, out.shape(spread));
        String whole = out.inner("Reshape", blocks, ShapeRules.target(flat, out));
        return mask.dtype() == DType.BOOL
                ? out.inner("Where", whole, x, out.scalar(value.dtype(), 0))
                : out.inner("Mul", x, out.cast(whole, mask.dtype(), value.dtype()));
    }

    /** Sylvester's matrix: the sign is the parity of the bits that row and column share. */
    private static void hadamard(MlxNode node, Emitter out) {
        MlxValue x = node.input(0);
        long size = x.shape().getLast().constant().orElse(-1);
        if (size < 1 || size > MOST_HADAMARD || Long.bitCount(size) != 1) {
            throw new ModelException(
                    ErrorCode.UNSUPPORTED,
                    node.file(),
                    node.path(),
                    "only powers of two up to " + MOST_HADAMARD + " can be transformed");
        }
        DType wide = Widths.ofHalves(x.dtype());
        Tensor matrix = Tensor.allocate(wide, List.of(size, size));
        for (long i = 0; i < size * size; i++) {
            boolean odd = (Long.bitCount((i / size) & (i % size)) & 1) == 1;
            matrix.set(i, odd ? -1.0 : 1.0);
        }
        String product = out.inner("MatMul", out.cast(out.of(x), x.dtype(), wide), out.constant(matrix));
        out.narrowed(node.output(), wide, "Mul", Attributes.NONE, product, out.scalar(wide, node.real(0)));
    }
}
