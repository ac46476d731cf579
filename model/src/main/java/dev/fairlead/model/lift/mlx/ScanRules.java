package dev.fairlead.model.lift.mlx;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.mlx.MlxNode;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Running sums, products and extrema. */
final class ScanRules {
    private ScanRules() {}

    static void register(Rules rules) {
        rules.add("Scan", 4, 1, ScanRules::scan);
    }

    private static void scan(MlxNode node, Emitter out) {
        switch ((int) node.integer(0)) {
            case 0 -> loop(node, "Max", lowest(node.output().dtype()), out);
            case 1 -> loop(node, "Min", highest(node.output().dtype()), out);
            case 2 -> sum(node, out);
            case 3 -> loop(node, "Mul", 1, out);
            default ->
                throw new ModelException(
                        ErrorCode.UNSUPPORTED, node.file(), node.path() + ".arguments[0]", "no known kind of scan");
        }
    }

    private static void sum(MlxNode node, Emitter out) {
        Map<String, Attribute> how = Map.of(
                "reverse", new Attribute.Int(node.flag(2) ? 1 : 0),
                "exclusive", new Attribute.Int(node.flag(3) ? 0 : 1));
        DType wide = Widths.ofHalves(Widths.ofWrapping(node.output().dtype()));
        String x = out.cast(out.of(node.input(0)), node.input(0).dtype(), wide);
        String axis = out.scalar(DType.INT64, (double) node.integer(1));
        out.narrowed(node.output(), wide, "CumSum", how, x, axis);
    }

    /** ONNX's Scan runs a graph over the slices of an axis. */
    private static void loop(MlxNode node, String op, double start, Emitter out) {
        DType dtype = node.output().dtype();
        DType wide = op.equals("Mul") ? Widths.ofWrapping(dtype) : Widths.ofComparing(dtype);
        int axis = Math.toIntExact(node.integer(1));
        List<Expression> slice = new ArrayList<>(node.input(0).shape());
        slice.remove(axis);
        String x = out.cast(out.of(node.input(0)), node.input(0).dtype(), wide);
        String state = out.inner("Expand", out.constant(scalar(wide, start)), out.shape(slice));
        long direction = node.flag(2) ? 1 : 0;
        Map<String, Attribute> attributes = Map.of(
                "body", new Attribute.GraphValue(body(op, wide, node.flag(3), out)),
                "num_scan_inputs", new Attribute.Int(1),
                "scan_input_axes", Attributes.ints(List.of(axis)),
                "scan_output_axes", Attributes.ints(List.of(axis)),
                "scan_input_directions", Attributes.ints(List.of(direction)),
                "scan_output_directions", Attributes.ints(List.of(direction)));
        String scanned = out.inners("Scan", attributes, 2, state, x).getLast();
        out.narrowed(node.output(), wide, "Identity", Attributes.NONE, scanned);
    }

    private static Tensor scalar(DType dtype, double value) {
        Tensor scalar = Tensor.scalar(dtype, value);
        if (dtype == DType.UINT64 && value > Long.MAX_VALUE) {
            // No double and no long is the highest uint64; its bits are those of -1.
            scalar.set(0, -1L);
        }
        return scalar;
    }

    private static Graph body(String op, DType dtype, boolean inclusive, Emitter out) {
        Value before = new Value(out.fresh("before"), Optional.of(dtype), Optional.empty());
        Value element = new Value(out.fresh("element"), Optional.of(dtype), Optional.empty());
        Value after = new Value(out.fresh("after"), Optional.of(dtype), Optional.empty());
        Value shown = new Value(out.fresh("shown"), Optional.of(dtype), Optional.empty());
        List<String> operands = List.of(before.name(), element.name());
        List<Node> steps = new ArrayList<>();
        if (dtype == DType.INT64 && !op.equals("Mul")) {
            String which = out.fresh("which");
            steps.add(node(Extrema.valueOf(op.toUpperCase(Locale.ROOT)).comparison(), operands, which));
            steps.add(node("Where", List.of(which, before.name(), element.name()), after.name()));
        } else {
            steps.add(node(op, operands, after.name()));
        }
        steps.add(node("Identity", List.of(inclusive ? after.name() : before.name()), shown.name()));
        return new Graph("scan", List.of(before, element), List.of(after, shown), Map.of(), steps, List.of());
    }

    private static Node node(String op, List<String> inputs, String output) {
        return new Node(output, "", op, inputs, List.of(output), new TreeMap<>(), new TreeMap<>());
    }

    private static double lowest(DType dtype) {
        return switch (dtype.kind()) {
            case FLOATING, COMPLEX -> Double.NEGATIVE_INFINITY;
            case SIGNED -> -Math.scalb(1.0, dtype.bits() - 1);
            case BOOLEAN, UNSIGNED -> 0;
        };
    }

    /** For 64 bits the nearest double is one too high, which the conversion to an integer cuts to the highest. */
    private static double highest(DType dtype) {
        return switch (dtype.kind()) {
            case FLOATING, COMPLEX -> Double.POSITIVE_INFINITY;
            case SIGNED -> Math.scalb(1.0, dtype.bits() - 1) - 1;
            case UNSIGNED -> Math.scalb(1.0, dtype.bits()) - 1;
            case BOOLEAN -> 1;
        };
    }
}
