package dev.fairlead.model.rewrite;

import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Type;
import dev.fairlead.model.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Control flow, and sequences, which have no shape. */
final class ControlShapes {
    private static final Dim UNKNOWN = new Dim.Unknown();

    private ControlShapes() {}

    static void register(ShapeRules rules) {
        rules.add("If", ControlShapes::choice);
        rules.add("Loop", ControlShapes::loop);
        rules.add("Scan", at -> at.opset() < 9 ? List.of() : scan(at));
        rules.add("SequenceConstruct", at -> {
            Fact items = at.input(0).outline();
            for (int i = 1; i < at.count(); i++) {
                items = join(items, at.input(i));
            }
            return List.of(Fact.of(new Type.Sequence(items.type())));
        });
        rules.add(
                "SequenceEmpty",
                at -> List.of(Fact.of(new Type.Sequence(new Type.Dense(
                        ElementwiseShapes.type(at, "dtype").or(() -> Optional.of(DType.FLOAT32)), Optional.empty())))));
        rules.add(
                "SequenceInsert",
                at -> List.of(Fact.of(
                        new Type.Sequence(Types.join(item(at), at.input(1).type())))));
        rules.add("SequenceErase", at -> List.of(at.input(0)));
        rules.add("SequenceAt", at -> List.of(Fact.of(item(at))));
        rules.add(
                "SplitToSequence",
                at -> List.of(Fact.of(new Type.Sequence(new Type.Dense(at.dtype(0), Optional.empty())))));
        rules.add("ConcatFromSequence", ControlShapes::concatenated);
        rules.add(
                "Optional",
                at -> at.has(0) ? List.of(Fact.of(new Type.Maybe(at.input(0).type()))) : List.of());
        rules.add(
                "OptionalGetElement",
                at -> List.of(at.input(0).type() instanceof Type.Maybe(Type inner) ? Fact.of(inner) : at.input(0)));
        rules.add("SequenceLength", at -> List.of(Fact.of(DType.INT64)));
        rules.add("OptionalHasElement", at -> List.of(Fact.of(DType.BOOL)));
        rules.add("SequenceMap", at -> {
            at.graph("body")
                    .ifPresent(body -> at.subgraph("body", unknown(body.inputs().size())));
            return List.of();
        });
    }

    private static Type item(Inference at) {
        return at.input(0).type() instanceof Type.Sequence(Type item) ? item : Type.UNKNOWN;
    }

    private static List<Fact> concatenated(Inference at) {
        Fact each = Fact.of(item(at));
        boolean stacks = at.integer("new_axis", 0) != 0;
        Optional<List<Dim>> out = each.shape().map(shape -> {
            int axis = at.axis(at.integer("axis", 0), shape.size() + (stacks ? 1 : 0));
            return stacks
                    ? stacked(Optional.of(shape), axis, UNKNOWN).orElseThrow()
                    : Shapes.with(shape, axis, UNKNOWN);
        });
        return List.of(Fact.of(each.dtype(), out));
    }

    private static List<Fact> unknown(int count) {
        List<Fact> facts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            facts.add(Fact.UNKNOWN);
        }
        return facts;
    }

    private static List<Fact> choice(Inference at) {
        List<Fact> yes = at.subgraph("then_branch", List.of()).orElse(List.of());
        List<Fact> no = at.subgraph("else_branch", List.of()).orElse(List.of());
        Optional<Long> condition = at.input(0).integer();
        if (condition.isPresent()) {
            return outlines(condition.get() != 0 ? yes : no);
        }
        List<Fact> out = new ArrayList<>();
        for (int i = 0; i < Math.min(yes.size(), no.size()); i++) {
            out.add(join(yes.get(i), no.get(i)));
        }
        return out;
    }

    private static List<Fact> outlines(List<Fact> facts) {
        return facts.stream().map(Fact::outline).toList();
    }

    private static Fact join(Fact a, Fact b) {
        return Fact.of(Types.join(a.type(), b.type()));
    }

    /** Carried values take the shape that stays the same over an iteration; what differs is unknown. */
    private static List<Fact> loop(Inference at) {
        int carried = Math.max(at.count() - 2, 0);
        List<Fact> state = new ArrayList<>();
        for (int i = 0; i < carried; i++) {
            state.add(at.input(i + 2).outline());
        }
        Optional<List<Fact>> results = stable(
                at,
                "body",
                state,
                current -> {
                    List<Fact> arguments = new ArrayList<>(List.of(Fact.of(DType.INT64), Fact.of(DType.BOOL)));
                    arguments.addAll(current);
                    return arguments;
                },
                1);
        List<Fact> out = new ArrayList<>(state);
        results.ifPresent(list -> list.stream()
                .skip(1L + carried)
                .forEach(each -> out.add(Fact.of(each.dtype(), stacked(each.shape(), 0, UNKNOWN)))));
        return out;
    }

    private interface Arguments {
        List<Fact> of(List<Fact> state);
    }

    /** Runs a body until what is known of its state does not change; each round forgets something, so it ends. */
    private static Optional<List<Fact>> stable(
            Inference at, String body, List<Fact> state, Arguments arguments, int skipped) {
        while (true) {
            Optional<List<Fact>> results = at.subgraph(body, arguments.of(state));
            if (results.isEmpty()) {
                return results;
            }
            boolean changed = false;
            for (int i = 0; i < state.size(); i++) {
                int index = skipped + i;
                Fact next = index < results.get().size() ? results.get().get(index) : Fact.UNKNOWN;
                Fact joined = join(state.get(i), next);
                changed |= !joined.equals(state.get(i));
                state.set(i, joined);
            }
            if (!changed) {
                return results;
            }
        }
    }

    private static Optional<List<Dim>> stacked(Optional<List<Dim>> shape, int axis, Dim length) {
        return shape.filter(dims -> axis <= dims.size()).map(dims -> {
            List<Dim> out = new ArrayList<>(dims);
            out.add(axis, length);
            return out;
        });
    }

    private static List<Fact> scan(Inference at) {
        Optional<Graph> body = at.graph("body");
        int scanned = Math.clamp(at.integer("num_scan_inputs", 0), 0, at.count());
        if (body.isEmpty()) {
            return List.of();
        }
        int states = at.count() - scanned;
        List<Fact> state = new ArrayList<>();
        for (int i = 0; i < states; i++) {
            state.add(at.input(i).outline());
        }
        List<Fact> slices = new ArrayList<>();
        Dim length = UNKNOWN;
        for (int i = 0; i < scanned; i++) {
            Fact whole = at.input(states + i);
            int index = i;
            long stated = at.integers("scan_input_axes")
                    .filter(a -> index < a.size())
                    .map(a -> a.get(index))
                    .orElse(0L);
            if (whole.rank().orElse(0) > 0) {
                List<Dim> shape = whole.shape().orElseThrow();
                int axis = at.axis(stated, shape.size());
                length = length instanceof Dim.Unknown ? shape.get(axis) : length;
                slices.add(Fact.of(whole.dtype(), Optional.of(Shapes.without(shape, axis))));
            } else {
                slices.add(Fact.of(whole.dtype(), Optional.empty()));
            }
        }
        Optional<List<Fact>> results = stable(
                at,
                "body",
                state,
                current -> {
                    List<Fact> arguments = new ArrayList<>(current);
                    arguments.addAll(slices);
                    return arguments;
                },
                0);
        List<Fact> out = new ArrayList<>(state);
        List<Fact> last = results.orElse(List.of());
        for (int i = states; i < last.size(); i++) {
            int index = i - states;
            long stated = at.integers("scan_output_axes")
                    .filter(a -> index < a.size())
                    .map(a -> a.get(index))
                    .orElse(0L);
            Fact each = last.get(i);
            int rank = each.rank().orElse(0) + 1;
            out.add(Fact.of(each.dtype(), stacked(each.shape(), at.axis(stated, rank), length)));
        }
        return out;
    }
}
