package dev.fairlead.model.lower.coreml;

import dev.fairlead.model.coreml.MilBlock;
import dev.fairlead.model.coreml.MilDataType;
import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Branches and loops. A branch that is known is taken now; loops whose number of rounds is known are written out. */
final class ControlRules {
    private static final long MOST_ROUNDS = 512;

    private ControlRules() {}

    static void register(Rules rules) {
        rules.add("If", ControlRules::branch);
        rules.add("Loop", ControlRules::loop);
        rules.add("Scan", ControlRules::scan);
    }

    private static void branch(Call call, Mil mil) {
        Optional<Tensor> known = call.constant(0);
        if (known.isPresent()) {
            Graph graph = call.graph(known.get().longAt(0) != 0 ? "then_branch" : "else_branch");
            Scope inner = new Scope(call.scope());
            call.lowering().lower(graph, inner);
            for (int i = 0; i < graph.outputs().size(); i++) {
                result(call, i, call.lowering().output(graph, i, inner));
            }
            return;
        }
        Var condition = mil.reshape(call.in(0));
        Branch yes = block(call, "then_branch", mil);
        Branch no = block(call, "else_branch", mil);
        List<Var> made = new ArrayList<>();
        for (int i = 0; i < yes.outputs().size(); i++) {
            made.add(joined(yes.outputs().get(i), no.outputs().get(i), mil));
        }
        mil.out.write("cond", Map.of("pred", List.of(condition)), made, List.of(yes.block(), no.block()));
        for (int i = 0; i < made.size(); i++) {
            result(call, i, new Scope.Held(made.get(i), yes.outputs().get(i).declared()));
        }
    }

    private record Branch(MilBlock block, List<Scope.Held> outputs) {}

    private static Branch block(Call call, String name, Mil mil) {
        Graph graph = call.graph(name);
        List<Scope.Held> outputs = new ArrayList<>();
        mil.out.open();
        boolean done = false;
        try {
            Scope inner = new Scope(call.scope());
            call.lowering().lower(graph, inner);
            for (int i = 0; i < graph.outputs().size(); i++) {
                Scope.Held held = call.lowering().output(graph, i, inner);
                // A block hands out what is made in it, in the type that both branches have.
                Var value = call.lowering().inElement(held.value(), Carried.element(held.declared()), inner);
                outputs.add(new Scope.Held(mil.unary("identity", value), held.declared()));
            }
            done = true;
        } finally {
            if (!done) {
                mil.out.abandon();
            }
        }
        return new Branch(
                mil.out.close(List.of(), outputs.stream().map(Scope.Held::value).toList()), outputs);
    }

    /** The type of both branches' output; sizes that differ are not known. */
    private static Var joined(Scope.Held yes, Scope.Held no, Mil mil) {
        List<Dim> a = yes.value().shape();
        List<Dim> b = no.value().shape();
        if (yes.declared() != no.declared() || a.size() != b.size()) {
            throw Refusals.unsupported("branches whose types differ in more than sizes");
        }
        if (!a.equals(b)) {
            throw Refusals.unsupported("branches of shapes " + a + " and " + b);
        }
        return mil.out.fresh("cond", yes.value().element(), a);
    }

    private static void result(Call call, int output, Scope.Held held) {
        if (call.wants(output)) {
            call.lowering().define(call.node().outputs().get(output), held.value(), held.declared(), call.scope());
        }
    }

    /** Written out where the count and the condition are known; otherwise MIL's while_loop, which hands out states only. */
    private static void loop(Call call, Mil mil) {
        Graph body = call.graph("body");
        int states = body.inputs().size() - 2;
        Optional<Tensor> count = call.constant(0);
        boolean starts = !call.has(1)
                || call.constant(1).map(tensor -> tensor.longAt(0) != 0).orElse(false);
        if (count.isPresent() && starts && count.get().longAt(0) <= MOST_ROUNDS) {
            if (rounds(call, body, states, count.get().longAt(0), mil)) {
                return;
            }
        }
        if (call.node().outputs().size() > states) {
            if (call.has(0)) {
                call.constant(0, "trip count, for outputs of each round");
            }
            throw Refusals.unsupported("a loop of unknown length that collects what each round makes");
        }
        WhileLoop.write(call, body, states, mil);
    }

    /** Writes the rounds one after the other; says no where the condition is computed from what is not known. */
    private static boolean rounds(Call call, Graph body, int states, long count, Mil mil) {
        List<Scope.Held> held = new ArrayList<>();
        for (int i = 0; i < states; i++) {
            held.add(new Scope.Held(call.in(i + 2), call.declared(i + 2)));
        }
        int collected = body.outputs().size() - 1 - states;
        List<List<Scope.Held>> rows = new ArrayList<>();
        for (int i = 0; i < collected; i++) {
            rows.add(new ArrayList<>());
        }
        for (long round = 0; round < count; round++) {
            Scope inner = new Scope(call.scope());
            inner.constant(body.inputs().get(0).name(), Tensor.ofLongs(List.of(), round));
            Tensor yes = Tensor.allocate(DType.BOOL, List.of());
            yes.set(0, 1L);
            inner.constant(body.inputs().get(1).name(), yes);
            for (int i = 0; i < states; i++) {
                inner.hold(
                        body.inputs().get(i + 2).name(),
                        held.get(i).value(),
                        held.get(i).declared());
            }
            call.lowering().lower(body, inner);
            Optional<Tensor> goes =
                    call.lowering().known(body.outputs().getFirst().name(), inner);
            if (goes.isEmpty()) {
                return false;
            }
            held = new ArrayList<>();
            for (int i = 0; i < states; i++) {
                held.add(call.lowering().output(body, i + 1, inner));
            }
            for (int i = 0; i < collected; i++) {
                rows.get(i).add(call.lowering().output(body, i + 1 + states, inner));
            }
            if (goes.get().longAt(0) == 0) {
                break;
            }
        }
        for (int i = 0; i < states; i++) {
            result(call, i, held.get(i));
        }
        for (int i = 0; i < collected; i++) {
            if (call.wants(i + states)) {
                result(call, i + states, stacked(rows.get(i), 0, mil));
            }
        }
        return true;
    }

    private static Scope.Held stacked(List<Scope.Held> rows, int axis, Mil mil) {
        if (rows.isEmpty()) {
            throw Refusals.unsupported("a loop without rounds, whose outputs have no elements");
        }
        return new Scope.Held(
                mil.stack(rows.stream().map(Scope.Held::value).toList(), axis),
                rows.getFirst().declared());
    }

    /** Written out over the sequence, whose length must be known. Before opset 9 there was a batch axis. */
    private static void scan(Call call, Mil mil) {
        Graph body = call.graph("body");
        int first = call.opset() < 9 ? 1 : 0;
        if (first == 1 && call.in(1).size(0) != 1) {
            throw Refusals.unsupported("a scan of opset 8 over several batch elements");
        }
        if (first == 1 && call.has(0)) {
            throw Refusals.unsupported("a scan of opset 8 with sequence lengths");
        }
        int scanned = Math.toIntExact(call.integer("num_scan_inputs"));
        int states = body.inputs().size() - scanned;
        long[] axes = call.integers("scan_input_axes").orElseGet(() -> new long[scanned]);
        long[] back = call.integers("scan_input_directions")
                .or(() -> call.integers("directions"))
                .orElseGet(() -> new long[scanned]);
        List<Scope.Held> held = new ArrayList<>();
        for (int i = 0; i < states; i++) {
            held.add(new Scope.Held(row(call.in(i + first), first, mil), call.declared(i + first)));
        }
        List<Var> sequences = new ArrayList<>();
        for (int i = 0; i < scanned; i++) {
            sequences.add(row(call.in(first + states + i), first, mil));
        }
        long steps = sequences.getFirst().size(Math.toIntExact(axes[0]));
        if (steps > MOST_ROUNDS) {
            throw Refusals.unsupported("a scan of " + steps + " steps");
        }
        int collected = body.outputs().size() - states;
        List<List<Scope.Held>> rows = new ArrayList<>();
        for (int i = 0; i < collected; i++) {
            rows.add(new ArrayList<>());
        }
        for (long step = 0; step < steps; step++) {
            Scope inner = new Scope(call.scope());
            for (int i = 0; i < states; i++) {
                inner.hold(
                        body.inputs().get(i).name(),
                        held.get(i).value(),
                        held.get(i).declared());
            }
            for (int i = 0; i < scanned; i++) {
                long at = back[i] == 0 ? step : steps - 1 - step;
                Var part = mil.at(sequences.get(i), sequences.get(i).axis(axes[i]), at);
                inner.hold(body.inputs().get(states + i).name(), part, call.declared(first + states + i));
            }
            call.lowering().lower(body, inner);
            held = new ArrayList<>();
            for (int i = 0; i < states; i++) {
                held.add(call.lowering().output(body, i, inner));
            }
            for (int i = 0; i < collected; i++) {
                rows.get(i).add(call.lowering().output(body, states + i, inner));
            }
        }
        for (int i = 0; i < states; i++) {
            result(call, i, batched(held.get(i), first, mil));
        }
        long[] outAxes = call.integers("scan_output_axes").orElseGet(() -> new long[collected]);
        long[] outBack = call.integers("scan_output_directions").orElseGet(() -> new long[collected]);
        for (int i = 0; i < collected; i++) {
            List<Scope.Held> ordered =
                    outBack[i] == 0 ? rows.get(i) : rows.get(i).reversed();
            int rank = ordered.getFirst().value().rank() + 1;
            int axis = Math.toIntExact(outAxes[i] < 0 ? outAxes[i] + rank : outAxes[i]);
            result(call, states + i, batched(stacked(ordered, axis, mil), first, mil));
        }
    }

    private static Var row(Var x, int first, Mil mil) {
        return first == 1 ? mil.squeeze(x, 0) : x;
    }

    private static Scope.Held batched(Scope.Held held, int first, Mil mil) {
        return first == 1 ? new Scope.Held(mil.expandDims(held.value(), 0), held.declared()) : held;
    }

    /** The scalar that MIL's conditions are. */
    static Var condition(Var x, Mil mil) {
        return mil.reshape(mil.cast(x, MilDataType.BOOL));
    }
}
