package dev.fairlead.model.interpret;

import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.tensor.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Sequences and optional values. */
final class SequenceKernels {
    private SequenceKernels() {}

    static void register(Kernels kernels) {
        kernels.add("SequenceConstruct", call -> {
            List<Datum> items = new ArrayList<>();
            for (int i = 0; i < call.inputs(); i++) {
                items.add(call.datum(i));
            }
            return List.of(new Datum.Sequence(items));
        });
        kernels.add("SequenceEmpty", _ -> List.of(new Datum.Sequence(List.of())));
        kernels.add(
                "SequenceLength",
                call -> Elementwise.one(
                        Array.scalar(DType.INT64, (long) call.sequence(0).size())));
        kernels.add("SequenceAt", call -> {
            List<Datum> items = call.sequence(0);
            return List.of(items.get(GatherKernels.place(call, call.onlyLong(1), items.size())));
        });
        kernels.add("SequenceInsert", call -> {
            List<Datum> items = new ArrayList<>(call.sequence(0));
            // One place more than there are items: behind the last.
            int at = call.has(2) ? insertion(call, call.onlyLong(2), items.size()) : items.size();
            items.add(at, call.datum(1));
            return List.of(new Datum.Sequence(items));
        });
        kernels.add("SequenceErase", call -> {
            List<Datum> items = new ArrayList<>(call.sequence(0));
            int at = call.has(1) ? GatherKernels.place(call, call.onlyLong(1), items.size()) : items.size() - 1;
            items.remove(at);
            return List.of(new Datum.Sequence(items));
        });
        kernels.add("SequenceMap", SequenceKernels::map);
        kernels.add("SplitToSequence", SequenceKernels::split);
        kernels.add("ConcatFromSequence", SequenceKernels::concat);
        kernels.add(
                "Optional",
                call -> List.of(new Datum.Maybe(call.has(0) ? Optional.of(call.datum(0)) : Optional.empty())));
        kernels.add("OptionalHasElement", call -> {
            boolean present = call.has(0) && !(call.datum(0) instanceof Datum.Maybe(var item) && item.isEmpty());
            return Elementwise.one(Array.scalar(DType.BOOL, present ? 1L : 0L));
        });
        kernels.add("OptionalGetElement", call -> {
            if (call.datum(0) instanceof Datum.Maybe(var item)) {
                return List.of(item.orElseThrow(() -> call.malformed("the optional is empty")));
            }
            return List.of(call.datum(0));
        });
    }

    private static int insertion(Call call, long index, int size) {
        long place = index < 0 ? index + size : index;
        if (place < 0 || place > size) {
            throw call.malformed("position " + index + " in a sequence of " + size);
        }
        return (int) place;
    }

    /** Runs the body for each item; inputs that are no sequences are the same every time. */
    private static List<Datum> map(Call call) {
        Graph body = call.graph("body");
        int length = call.sequence(0).size();
        List<List<Datum>> results = new ArrayList<>();
        for (int j = 0; j < body.outputs().size(); j++) {
            results.add(new ArrayList<>());
        }
        for (int item = 0; item < length; item++) {
            List<Datum> arguments = new ArrayList<>();
            for (int i = 0; i < call.inputs(); i++) {
                if (call.datum(i) instanceof Datum.Sequence(var items)) {
                    if (items.size() != length) {
                        throw call.malformed("sequences differ in length");
                    }
                    arguments.add(items.get(item));
                } else {
                    arguments.add(call.datum(i));
                }
            }
            List<Datum> outputs = call.subgraphs().run(body, arguments);
            for (int j = 0; j < outputs.size(); j++) {
                results.get(j).add(outputs.get(j));
            }
        }
        return results.stream().map(items -> (Datum) new Datum.Sequence(items)).toList();
    }

    /** Pieces of size one lose the axis where {@code keepdims} is 0; with a split given, they never do. */
    private static List<Datum> split(Call call) {
        Array array = call.array(0);
        int axis = Shapes.axis(call, call.integer("axis", 0), array.rank());
        int size = array.shape()[axis];
        int[] parts;
        if (call.has(1) && call.integers(1).rank() > 0) {
            parts = Shapes.of(call, call.longs(1));
        } else {
            int each = call.has(1) ? Shapes.of(call, call.onlyLong(1))[0] : 1;
            if (each == 0) {
                throw call.malformed("parts of size 0");
            }
            parts = new int[Math.ceilDiv(size, each)];
            Arrays.setAll(parts, i -> Math.min(each, size - i * each));
        }
        if (Arrays.stream(parts).sum() != size) {
            throw call.malformed("parts " + Arrays.toString(parts) + " do not sum to " + size);
        }
        boolean drops = !call.has(1) && call.integer("keepdims", 1) == 0;
        List<Datum> items = new ArrayList<>();
        int at = 0;
        for (int part : parts) {
            Array piece = Elements.slice(array, axis, at, at + part);
            items.add(Datum.of(drops ? Elements.reshaped(piece, Shapes.without(piece.shape(), axis)) : piece));
            at += part;
        }
        return List.of(new Datum.Sequence(items));
    }

    private static List<Datum> concat(Call call) {
        List<Array> arrays = new ArrayList<>();
        for (Datum item : call.sequence(0)) {
            if (!(item instanceof Datum.Dense(Array array))) {
                throw call.malformed("an item is no tensor");
            }
            arrays.add(array);
        }
        if (arrays.isEmpty()) {
            throw call.malformed("the sequence is empty");
        }
        boolean stacks = call.integer("new_axis", 0) != 0;
        int rank = arrays.getFirst().rank();
        int axis = Shapes.axis(call, call.integer("axis"), stacks ? rank + 1 : rank);
        return Elementwise.one(stacks ? Elements.stack(call, arrays, axis) : Elements.concat(call, arrays, axis));
    }
}
