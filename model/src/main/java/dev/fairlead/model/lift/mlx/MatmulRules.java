package dev.fairlead.model.lift.mlx;

import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.mlx.MlxNode;
import dev.fairlead.model.mlx.MlxValue;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Matrix products. */
final class MatmulRules {
    private MatmulRules() {}

    static void register(Rules rules) {
        rules.add(
                "Matmul",
                0,
                1,
                (node, out) -> out.result(node.output(), "MatMul", out.of(node.input(0)), out.of(node.input(1))));
        rules.add("AddMM", 2, 1, MatmulRules::addMm);
    }

    /** α·a·b + β·c. */
    private static void addMm(MlxNode node, Emitter out) {
        MlxValue a = node.input(0);
        MlxValue b = node.input(1);
        MlxValue c = Broadcasts.beforeBroadcast(node.input(2), out);
        if (node.output().rank() == 2) {
            Optional<MlxValue> transposed = transposedFrom(b, out);
            Map<String, Attribute> attributes = Map.of(
                    "alpha", new Attribute.Real((float) node.real(0)),
                    "beta", new Attribute.Real((float) node.real(1)),
                    "transB", new Attribute.Int(transposed.isPresent() ? 1 : 0));
            out.result(node.output(), "Gemm", attributes, out.of(a), out.of(transposed.orElse(b)), out.of(c));
            return;
        }
        String product = scaled(out.inner("MatMul", out.of(a), out.of(b)), node.real(0), node, out);
        out.result(node.output(), "Add", product, scaled(out.of(c), node.real(1), node, out));
    }

    private static String scaled(String value, double factor, MlxNode node, Emitter out) {
        return factor == 1
                ? value
                : out.inner("Mul", value, out.scalar(node.output().dtype(), factor));
    }

    /** A linear layer keeps its weight as (out, in) and transposes it in the graph; Gemm does that itself. */
    private static Optional<MlxValue> transposedFrom(MlxValue value, Emitter out) {
        return out.producer(value)
                .filter(made ->
                        made.op().equals("Transpose") && made.integers(0).equals(List.of(1L, 0L)))
                .map(made -> made.input(0));
    }
}
