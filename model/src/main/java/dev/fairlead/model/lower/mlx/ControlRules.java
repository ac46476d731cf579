package dev.fairlead.model.lower.mlx;

import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Control flow. MLX' graph has none: a branch that is known is taken, a loop whose length is known is written out. */
final class ControlRules {
    /** Steps that are written out at most; more would make a file that nobody wants. */
    private static final long STEPS = 4096;

    private ControlRules() {}

    static void register(Rules rules) {
        rules.addAll("If", (node, mlx) -> {
            boolean taken = node.constant(0, "the condition").longAt(0) != 0;
            return node.runs(node.graph(taken ? "then_branch" : "else_branch"), List.of());
        });
        rules.addAll("Loop", ControlRules::loop);
        rules.addAll("Scan", ControlRules::scan);
    }

    private static List<Operand> loop(Operation node, Primitives mlx) {
        Graph body = node.graph("body");
        long trips = node.has(0) ? node.constant(0, "the number of trips").longAt(0) : Long.MAX_VALUE;
        boolean goes = !node.has(1) || node.constant(1, "the condition").longAt(0) != 0;
        List<Operand> carried = new ArrayList<>(
                node.operands().subList(count(node), node.operands().size()));
        int states = carried.size();
        List<List<Operand>> scanned = new ArrayList<>();
        for (int i = 0; i < body.outputs().size() - 1 - states; i++) {
            scanned.add(new ArrayList<>());
        }
        for (long trip = 0; trip < trips && goes; trip++) {
            if (trip >= STEPS) {
                throw Refusal.of("a loop of more than " + STEPS + " trips");
            }
            List<Operand> arguments = new ArrayList<>();
            arguments.add(mlx.constant(Tensor.ofLongs(List.of(), trip)));
            arguments.add(mlx.scalar(DType.BOOL, 1L));
            arguments.addAll(carried);
            List<Operand> results = node.run(body, arguments);
            Operand condition = results.getFirst();
            goes = condition
                            .known()
                            .orElseThrow(() -> Refusal.of("the loop's end depends on data"))
                            .longAt(0)
                    != 0;
            carried = new ArrayList<>(results.subList(1, 1 + states));
            for (int i = 0; i < scanned.size(); i++) {
                scanned.get(i).add(mlx.expandDims(results.get(1 + states + i), 0));
            }
        }
        return collected(carried, scanned, mlx);
    }

    private static int count(Operation node) {
        return (node.has(0) ? 1 : 0) + (node.has(1) ? 1 : 0);
    }

    private static List<Operand> collected(List<Operand> carried, List<List<Operand>> scanned, Primitives mlx) {
        List<Operand> results = new ArrayList<>(carried);
        for (int i = 0; i < scanned.size(); i++) {
            if (scanned.get(i).isEmpty()) {
                throw Refusal.of("a loop without trips has no shape for what it collects");
            }
            results.add(mlx.concatenate(scanned.get(i), 0));
        }
        return results;
    }

    private static List<Operand> scan(Operation node, Primitives mlx) {
        if (node.opset() < 9) {
            throw Refusal.of("Scan of version 8, which has a batch axis");
        }
        Graph body = node.graph("body");
        int inputs = Math.toIntExact(node.integer("num_scan_inputs"));
        int states = node.inputs() - inputs;
        List<Operand> carried = new ArrayList<>();
        for (int i = 0; i < states; i++) {
            carried.add(node.input(i));
        }
        List<Long> directions = node.integers("scan_input_directions").orElse(List.of());
        List<Long> axes = node.integers("scan_input_axes").orElse(List.of());
        List<Operand> sequences = new ArrayList<>();
        for (int i = 0; i < inputs; i++) {
            Operand x = node.input(states + i);
            int axis = axes.isEmpty() ? 0 : node.axis(axes.get(i), x.rank());
            boolean backwards = !directions.isEmpty() && directions.get(i) == 1;
            Operand first = mlx.moveAxis(x, axis, 0);
            sequences.add(backwards ? mlx.reversed(first, 0) : first);
        }
        int outputs = body.outputs().size() - states;
        List<List<Operand>> scanned = new ArrayList<>();
        for (int i = 0; i < outputs; i++) {
            scanned.add(new ArrayList<>());
        }
        long length = sequences.getFirst().fixed(0);
        if (length > STEPS) {
            throw Refusal.of("a scan of more than " + STEPS + " steps");
        }
        for (long step = 0; step < length; step++) {
            List<Operand> arguments = new ArrayList<>(carried);
            for (Operand sequence : sequences) {
                arguments.add(mlx.squeeze(mlx.slice(sequence, 0, step, step + 1), 0));
            }
            List<Operand> results = node.run(body, arguments);
            carried = new ArrayList<>(results.subList(0, states));
            for (int i = 0; i < outputs; i++) {
                scanned.get(i).add(mlx.expandDims(results.get(states + i), 0));
            }
        }
        return ordered(node, collected(carried, scanned, mlx), states, mlx);
    }

    private static List<Operand> ordered(Operation node, List<Operand> results, int states, Primitives mlx) {
        List<Long> directions = node.integers("scan_output_directions").orElse(List.of());
        List<Long> axes = node.integers("scan_output_axes").orElse(List.of());
        List<Operand> ordered = new ArrayList<>(results.subList(0, states));
        for (int i = states; i < results.size(); i++) {
            Operand x = results.get(i);
            boolean backwards = !directions.isEmpty() && directions.get(i - states) == 1;
            Operand turned = backwards ? mlx.reversed(x, 0) : x;
            ordered.add(axes.isEmpty() ? turned : mlx.moveAxis(turned, 0, node.axis(axes.get(i - states), x.rank())));
        }
        return ordered;
    }
}
