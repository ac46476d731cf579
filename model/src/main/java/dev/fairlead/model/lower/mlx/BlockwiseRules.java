package dev.fairlead.model.lower.mlx;

import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * ONNX Runtime's MatMulNBits. MLX' affine quantisation has the same payload bytes, and its bias is −zero point · scale: where the
 * scales' type holds that without rounding the product is one QuantizedMatmul, else the weight is unpacked and multiplied.
 */
final class BlockwiseRules {
    private static final List<Long> GROUPS = List.of(32L, 64L, 128L);

    private BlockwiseRules() {}

    static void register(Rules rules) {
        rules.add("com.microsoft.MatMulNBits", BlockwiseRules::matmul);
        rules.add("com.microsoft.Inverse", (node, mlx) -> {
            Operand x = node.input(0);
            return mlx.emit("Inverse", List.of(x), x.dtype(), x.shape(), Arguments.of(false), Arguments.of(true));
        });
    }

    /**
     * The weight's parts.
     *
     * @param payload (rows, blocks, bytes of a block)
     * @param scales (rows, blocks)
     * @param zeros (rows, blocks), as numbers
     */
    private record Weight(long rows, long columns, long block, int bits, Tensor payload, Tensor scales, Tensor zeros) {
        static Weight of(Operation node) {
            long rows = node.integer("N");
            long columns = node.integer("K");
            long block = node.integer("block_size");
            int bits = Math.toIntExact(node.integer("bits", 4));
            if (bits != 2 && bits != 4 && bits != 8) {
                throw Refusal.of("weights of " + bits + " bits");
            }
            if (node.has(4)) {
                throw Refusal.of("groups by an index");
            }
            List<Long> grid = List.of(rows, Math.ceilDiv(columns, block));
            Tensor scales = node.constant(2, "the scales").reshaped(grid);
            Tensor zeros = node.has(3)
                    ? zeros(node.constant(3, "the zero points"), grid, bits)
                    : constant(grid, 1 << (bits - 1));
            return new Weight(rows, columns, block, bits, node.constant(1, "the weight"), scales, zeros);
        }

        /** Packed by rows, the low bits first, or as floating numbers. */
        private static Tensor zeros(Tensor stated, List<Long> grid, int bits) {
            if (stated.dtype().isFloating()) {
                return stated.reshaped(grid);
            }
            Tensor zeros = Tensor.allocate(DType.FLOAT32, grid);
            long blocks = grid.get(1);
            long rowBytes = Math.ceilDiv(blocks * bits, 8L);
            long perRow = rowBytes * 8 / bits;
            DType narrow = switch (bits) {
                case 2 -> DType.UINT2;
                case 4 -> DType.UINT4;
                default -> DType.UINT8;
            };
            Tensor packed = new Tensor(narrow, List.of(grid.get(0), perRow), stated.data());
            for (long i = 0; i < zeros.elements(); i++) {
                zeros.set(i, packed.doubleAt((i / blocks) * perRow + i % blocks));
            }
            return zeros;
        }

        private static Tensor constant(List<Long> grid, long value) {
            Tensor zeros = Tensor.allocate(DType.FLOAT32, grid);
            for (long i = 0; i < zeros.elements(); i++) {
                zeros.set(i, (double) value);
            }
            return zeros;
        }

        /** −zero point · scale in the scales' type, if nothing is rounded: the product of two short numbers is exact in a double. */
        Optional<Tensor> biases() {
            Tensor biases = Tensor.allocate(scales.dtype(), scales.shape());
            for (long i = 0; i < biases.elements(); i++) {
                double exact = -zeros.doubleAt(i) * scales.doubleAt(i);
                biases.set(i, exact);
                if (biases.doubleAt(i) != exact) {
                    return Optional.empty();
                }
            }
            return Optional.of(biases);
        }
    }

    private static Operand matmul(Operation node, Primitives mlx) {
        Operand x = node.input(0);
        Weight weight = Weight.of(node);
        boolean fits = GROUPS.contains(weight.block())
                && weight.columns() % weight.block() == 0
                && x.dtype() == weight.scales().dtype()
                && x.dtype().bits() <= 32;
        Optional<Tensor> biases = fits ? weight.biases() : Optional.empty();
        Operand product = biases.isPresent() ? packed(x, weight, biases.get(), mlx) : unpacked(x, weight, mlx);
        return node.has(5) ? mlx.add(product, node.input(5)) : product;
    }

    private static Operand packed(Operand x, Weight weight, Tensor biases, Primitives mlx) {
        List<Long> words = List.of(weight.rows(), weight.columns() * weight.bits() / 32);
        Tensor payload = new Tensor(DType.UINT32, words, weight.payload().data());
        return mlx.emit(
                "QuantizedMatmul",
                List.of(x, mlx.constant(payload), mlx.constant(weight.scales()), mlx.constant(biases)),
                x.dtype(),
                Shapes.with(x.shape(), x.rank() - 1, Expression.of(weight.rows())),
                Arguments.of(weight.block()),
                Arguments.of(weight.bits()),
                Arguments.of(0),
                Arguments.of(true));
    }

    /** (q − z) · s of every element, and a plain product. */
    private static Operand unpacked(Operand x, Weight weight, Primitives mlx) {
        long blocks = weight.scales().shape().get(1);
        List<Long> bytes = List.of(weight.rows(), blocks, weight.block() * weight.bits() / 8);
        Operand payload = mlx.constant(weight.payload().reshaped(bytes));
        List<Operand> parts = new ArrayList<>();
        for (int shift = 0; shift < 8; shift += weight.bits()) {
            Operand shifted = shift == 0 ? payload : mlx.bitwise(4, payload, mlx.scalar(DType.UINT8, (long) shift));
            Operand part = mlx.bitwise(0, shifted, mlx.scalar(DType.UINT8, (1L << weight.bits()) - 1));
            parts.add(mlx.expandDims(part, 3));
        }
        Operand numbers = mlx.reshape(mlx.concatenate(parts, 3), Shapes.of(weight.rows(), blocks, weight.block()));
        DType dtype = x.dtype();
        Operand zeros = mlx.expandDims(mlx.cast(mlx.constant(weight.zeros()), dtype), 2);
        Operand scales = mlx.expandDims(mlx.cast(mlx.constant(weight.scales()), dtype), 2);
        Operand real = mlx.multiply(mlx.subtract(mlx.cast(numbers, dtype), zeros), scales);
        Operand flat = mlx.reshape(real, Shapes.of(weight.rows(), blocks * weight.block()));
        return MatmulRules.matmul(x, mlx.swapped(mlx.slice(flat, 1, 0, weight.columns())), mlx);
    }
}
