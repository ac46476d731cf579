package dev.fairlead.model.interpret;

import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.tensor.DType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Branches and loops. */
final class ControlKernels {
    private ControlKernels() {}

    static void register(Kernels kernels) {
        kernels.add("If", call -> {
            Graph branch = call.graph(call.onlyLong(0) != 0 ? "then_branch" : "else_branch");
            return call.subgraphs().run(branch, List.of());
        });
        kernels.add("Loop", ControlKernels::loop);
        kernels.add("Scan", call -> call.opset() < 9 ? batchedScan(call) : scan(call));
    }

    /** Runs its body while the trip count and the condition allow; either may be left out. */
    private static List<Datum> loop(Call call) {
        Graph body = call.graph("body");
        long most = call.has(0) ? call.onlyLong(0) : Long.MAX_VALUE;
        boolean goes = !call.has(1) || call.onlyLong(1) != 0;
        List<Datum> carried = new ArrayList<>();
        for (int i = 2; i < call.inputs(); i++) {
            carried.add(call.datum(i));
        }
        int kept = carried.size();
        List<List<Array>> collected = lists(body.outputs().size() - 1 - kept);
        for (long i = 0; i < most && goes; i++) {
            List<Datum> inputs = new ArrayList<>();
            inputs.add(Datum.of(Array.scalar(DType.INT64, i)));
            inputs.add(Datum.of(Array.scalar(DType.BOOL, 1L)));
            inputs.addAll(carried);
            List<Datum> outputs =
                    call.subgraphs().run(body, inputs.subList(0, body.inputs().size()));
            goes = truth(call, outputs.getFirst());
            carried = new ArrayList<>(outputs.subList(1, 1 + kept));
            for (int j = 0; j < collected.size(); j++) {
                collected.get(j).add(dense(call, outputs.get(1 + kept + j)));
            }
        }
        List<Datum> results = new ArrayList<>(carried);
        for (int j = 0; j < collected.size(); j++) {
            Value output = body.outputs().get(1 + kept + j);
            results.add(Datum.of(stacked(call, collected.get(j), 0, output)));
        }
        return results;
    }

    private static List<List<Array>> lists(int count) {
        List<List<Array>> lists = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            lists.add(new ArrayList<>());
        }
        return lists;
    }

    private static boolean truth(Call call, Datum datum) {
        if (dense(call, datum) instanceof Array.Integers condition && condition.size() == 1) {
            return condition.values()[0] != 0;
        }
        throw call.malformed("the condition is no single boolean");
    }

    private static Array dense(Call call, Datum datum) {
        if (datum instanceof Datum.Dense(Array array)) {
            return array;
        }
        throw call.malformed("an output that is collected is no tensor");
    }

    /** What was collected, along a new axis; where nothing was, the shape is what the body says of its output. */
    private static Array stacked(Call call, List<Array> items, int axis, Value output) {
        if (!items.isEmpty()) {
            return Elements.stack(call, items, axis);
        }
        Optional<List<Dim>> dims = output.shape();
        if (dims.isEmpty() || output.dtype().isEmpty()) {
            throw call.unsupported("it does not run once, and nothing says what shape it collects");
        }
        int[] shape = dims.get().stream()
                .mapToInt(dim -> dim instanceof Dim.Fixed(long size) ? Math.toIntExact(size) : 0)
                .toArray();
        int[] raised = new int[shape.length + 1];
        System.arraycopy(shape, 0, raised, 0, axis);
        System.arraycopy(shape, axis, raised, axis + 1, shape.length - axis);
        return Elements.blank(output.dtype().get(), raised);
    }

    private static List<Datum> scan(Call call) {
        int scanned = Math.toIntExact(call.integer("num_scan_inputs"));
        List<Datum> states = new ArrayList<>();
        List<Array> inputs = new ArrayList<>();
        for (int i = 0; i < call.inputs(); i++) {
            if (i < call.inputs() - scanned) {
                states.add(call.datum(i));
            } else {
                inputs.add(call.array(i));
            }
        }
        Graph body = call.graph("body");
        int collected = body.outputs().size() - states.size();
        return scan(
                call,
                states,
                inputs,
                numbers(call, "scan_input_axes", scanned),
                numbers(call, "scan_input_directions", scanned),
                numbers(call, "scan_output_axes", collected),
                numbers(call, "scan_output_directions", collected));
    }

    private static List<Long> numbers(Call call, String name, int count) {
        List<Long> numbers = call.integers(name).orElseGet(() -> Collections.nCopies(count, 0L));
        if (numbers.size() != count) {
            throw call.malformed("attribute " + name + " has " + numbers.size() + " numbers, expected " + count);
        }
        return numbers;
    }

    private static List<Datum> scan(
            Call call,
            List<Datum> first,
            List<Array> inputs,
            List<Long> axes,
            List<Long> directions,
            List<Long> outputAxes,
            List<Long> outputDirections) {
        Graph body = call.graph("body");
        if (inputs.isEmpty()) {
            throw call.malformed("nothing is scanned");
        }
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            places.add(Shapes.axis(call, axes.get(i), inputs.get(i).rank()));
        }
        int steps = inputs.getFirst().shape()[places.getFirst()];
        List<Datum> states = first;
        List<List<Array>> collected = lists(outputAxes.size());
        for (int step = 0; step < steps; step++) {
            List<Datum> arguments = new ArrayList<>(states);
            for (int i = 0; i < inputs.size(); i++) {
                Array input = inputs.get(i);
                int axis = places.get(i);
                if (input.shape()[axis] != steps) {
                    throw call.malformed("scanned inputs differ in length");
                }
                int at = directions.get(i) == 0 ? step : steps - 1 - step;
                Array part = Elements.slice(input, axis, at, at + 1);
                arguments.add(Datum.of(Elements.reshaped(part, Shapes.without(part.shape(), axis))));
            }
            List<Datum> outputs = call.subgraphs().run(body, arguments);
            states = outputs.subList(0, first.size());
            for (int j = 0; j < collected.size(); j++) {
                Array output = dense(call, outputs.get(first.size() + j));
                if (outputDirections.get(j) == 0) {
                    collected.get(j).add(output);
                } else {
                    collected.get(j).addFirst(output);
                }
            }
        }
        List<Datum> results = new ArrayList<>(states);
        for (int j = 0; j < collected.size(); j++) {
            Value output = body.outputs().get(first.size() + j);
            int rank = collected.get(j).isEmpty()
                    ? output.shape().map(List::size).orElse(0)
                    : collected.get(j).getFirst().rank();
            int axis = Shapes.axis(call, outputAxes.get(j), rank + 1);
            results.add(Datum.of(stacked(call, collected.get(j), axis, output)));
        }
        return results;
    }

    /** Opset 8: the first input tells how long each batch' sequence is, the first axis is the batch, the second is scanned. */
    private static List<Datum> batchedScan(Call call) {
        if (call.has(0)) {
            throw call.unsupported("sequence lengths of opset 8");
        }
        int scanned = Math.toIntExact(call.integer("num_scan_inputs"));
        int states = call.inputs() - 1 - scanned;
        int collected = call.graph("body").outputs().size() - states;
        List<Long> directions = numbers(call, "directions", scanned);
        List<List<Array>> results = lists(states + collected);
        int batches = call.array(1).shape()[0];
        for (int batch = 0; batch < batches; batch++) {
            List<Datum> first = new ArrayList<>();
            List<Array> inputs = new ArrayList<>();
            for (int i = 1; i < call.inputs(); i++) {
                Array part = Elements.slice(call.array(i), 0, batch, batch + 1);
                Array own = Elements.reshaped(part, Shapes.without(part.shape(), 0));
                if (i <= states) {
                    first.add(Datum.of(own));
                } else {
                    inputs.add(own);
                }
            }
            List<Long> zeros = Collections.nCopies(Math.max(scanned, collected), 0L);
            List<Datum> outputs = scan(
                    call,
                    first,
                    inputs,
                    zeros.subList(0, scanned),
                    directions,
                    zeros.subList(0, collected),
                    zeros.subList(0, collected));
            for (int j = 0; j < outputs.size(); j++) {
                results.get(j).add(dense(call, outputs.get(j)));
            }
        }
        return results.stream()
                .map(items -> Datum.of(Elements.stack(call, items, 0)))
                .toList();
    }
}
