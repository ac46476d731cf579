package dev.fairlead.model.lower.mlx;

import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Sequences and optionals inside a graph, whose items are known when it is made. */
final class TensorSequenceRules {
    private TensorSequenceRules() {}

    static void register(Rules rules) {
        rules.addAll("SequenceConstruct", (node, mlx) -> List.of(new Bound.Sequence(node.operands())));
        rules.addAll("SequenceEmpty", (node, mlx) -> List.of(new Bound.Sequence(List.of())));
        rules.addAll("SplitToSequence", TensorSequenceRules::split);
        rules.addAll("SequenceInsert", (node, mlx) -> {
            List<Operand> items = new ArrayList<>(node.sequence(0).items());
            items.add(node.has(2) ? place(node, 2, items.size()) : items.size(), node.input(1));
            return List.of(new Bound.Sequence(items));
        });
        rules.addAll("SequenceErase", (node, mlx) -> {
            List<Operand> items = new ArrayList<>(node.sequence(0).items());
            items.remove(node.has(1) ? place(node, 1, items.size()) : items.size() - 1);
            return List.of(new Bound.Sequence(items));
        });
        rules.add("SequenceAt", (node, mlx) -> {
            List<Operand> items = node.sequence(0).items();
            return items.get(place(node, 1, items.size()));
        });
        rules.add(
                "SequenceLength",
                (node, mlx) -> mlx.constant(
                        Tensor.ofLongs(List.of(), node.sequence(0).items().size())));
        rules.add("ConcatFromSequence", TensorSequenceRules::concat);
        rules.addAll("SequenceMap", TensorSequenceRules::map);
        rules.add("Optional", (node, mlx) -> node.input(0));
        rules.add("OptionalGetElement", (node, mlx) -> node.input(0));
        rules.add("OptionalHasElement", (node, mlx) -> mlx.scalar(DType.BOOL, node.has(0) ? 1L : 0L));
    }

    private static int place(Operation node, int input, int size) {
        long stated = node.integers(input, "the place").getFirst();
        long place = stated < 0 ? stated + size : stated;
        if (place < 0 || place > size) {
            throw node.malformed("place " + stated + " of " + size + " items");
        }
        return Math.toIntExact(place);
    }

    /** One number is the size of every part but the last; without numbers every part has one element. */
    private static List<Bound> split(Operation node, Primitives mlx) {
        Operand x = node.input(0);
        int axis = node.axis("axis", 0, x.rank());
        long size = x.fixed(axis);
        List<Long> sizes;
        if (node.has(1) && node.input(1).rank() == 1) {
            sizes = node.integers(1, "the sizes");
        } else {
            long each = node.has(1) ? node.integers(1, "the size").getFirst() : 1;
            sizes = new ArrayList<>(Collections.nCopies(Math.toIntExact(size / each), each));
            if (size % each != 0) {
                sizes.add(size % each);
            }
        }
        boolean kept = node.has(1) || node.flag("keepdims", true);
        List<Operand> parts = mlx.split(x, sizes, axis);
        return List.of(new Bound.Sequence(
                kept
                        ? parts
                        : parts.stream().map(part -> mlx.squeeze(part, axis)).toList()));
    }

    private static Operand concat(Operation node, Primitives mlx) {
        List<Operand> items = node.sequence(0).items();
        if (items.isEmpty()) {
            throw Refusal.of("an empty sequence has no shape");
        }
        boolean stacked = node.flag("new_axis", false);
        int axis = node.axis("axis", 0, items.getFirst().rank() + (stacked ? 1 : 0));
        return mlx.concatenate(
                stacked ? items.stream().map(item -> mlx.expandDims(item, axis)).toList() : items, axis);
    }

    /** The body for every item; what isn't a sequence is the same each time. */
    private static List<Bound> map(Operation node, Primitives mlx) {
        int length = node.sequence(0).items().size();
        List<List<Operand>> made = new ArrayList<>();
        for (int i = 0; i < node.outputs(); i++) {
            made.add(new ArrayList<>());
        }
        for (int item = 0; item < length; item++) {
            List<Operand> arguments = new ArrayList<>();
            for (int input = 0; input < node.inputs(); input++) {
                arguments.add(
                        node.isSequence(input) ? node.sequence(input).items().get(item) : node.input(input));
            }
            List<Operand> results = node.run(node.graph("body"), arguments);
            for (int i = 0; i < results.size(); i++) {
                made.get(i).add(results.get(i));
            }
        }
        return made.stream().<Bound>map(Bound.Sequence::new).toList();
    }
}
