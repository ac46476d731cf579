package dev.fairlead.parity.locate;

import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.interpret.Array;
import java.util.List;

/** How many terms an operator sums for one element. */
final class Terms {
    /** Roundings in a function of library quality. */
    private static final long FUNCTION = 8;

    private Terms() {}

    /** @param inputs the node's dense numeric inputs, in order */
    static long of(Node node, Kind kind, List<Array> inputs, Array output) {
        return switch (kind) {
            case ROUNDED, STEPPED, UNKNOWN -> 1;
            case FUNCTION -> FUNCTION;
            case LINEAR -> linear(node, inputs, output);
            case COMPOSED -> FUNCTION + composed(node, inputs);
        };
    }

    private static long linear(Node node, List<Array> inputs, Array output) {
        Array first = inputs.getFirst();
        int rank = first.rank();
        return switch (node.op()) {
            case "MatMul" -> rank == 0 ? 1 : first.shape()[rank - 1];
            case "Gemm" -> 1L + first.shape()[integer(node, "transA", 0) == 0 ? 1 : 0];
            case "Conv" -> 1L + inputs.get(1).size() / Math.max(1, inputs.get(1).shape()[0]);
            case "ConvTranspose" ->
                1L + inputs.get(1).size() / Math.max(1, inputs.get(1).shape()[1]);
            case "Sum", "Mean" -> inputs.size();
            case "AveragePool" ->
                node.attributes().get("kernel_shape") instanceof Attribute.Ints(List<Long> sizes)
                        ? sizes.stream().reduce(1L, Math::multiplyExact)
                        : 1;
            case "CumSum" -> largest(first);
            // sqrt(ik · kj / ij) = k, and more where axes are shared.
            case "Einsum" ->
                (long) Math.ceil(
                        Math.sqrt(inputs.stream().mapToDouble(Array::size).reduce(1, (a, b) -> a * b)
                                / Math.max(1, output.size())));
            default -> Math.max(1, first.size() / Math.max(1, output.size()));
        };
    }

    private static long composed(Node node, List<Array> inputs) {
        if (inputs.isEmpty()) {
            return 1;
        }
        Array first = inputs.getFirst();
        long axis = integer(node, "axis", -1);
        int from = Math.toIntExact(axis < 0 ? axis + first.rank() : axis);
        if (from < 0 || from >= first.rank()) {
            return largest(first);
        }
        return switch (node.op()) {
            case "Softmax", "LogSoftmax" -> first.shape()[from];
            case "LayerNormalization", "RMSNormalization", "SimplifiedLayerNormalization" -> {
                long size = 1;
                for (int i = from; i < first.rank(); i++) {
                    size *= first.shape()[i];
                }
                yield size;
            }
            default -> largest(first);
        };
    }

    private static long largest(Array array) {
        long largest = 1;
        for (int size : array.shape()) {
            largest = Math.max(largest, size);
        }
        return largest;
    }

    private static long integer(Node node, String name, long otherwise) {
        return node.attributes().get(name) instanceof Attribute.Int(long value) ? value : otherwise;
    }
}
