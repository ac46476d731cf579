package dev.fairlead.model.lower.coreml;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.coreml.MilDataType;
import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.provenance.WeightTransform;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Lowers the nodes of a graph and of the graphs inside it, and collects every refusal. */
final class GraphLowering {
    private static final double FLOAT16_MAX = 65504;

    private final Model model;
    private final Options options;
    private final Mil mil;
    private final Map<String, Node> producers = new HashMap<>();
    private final Map<Tensor, Map<MilDataType, Var>> weights = new HashMap<>();
    private final List<Lowered.Refusal> refusals = new ArrayList<>();
    private final Set<String> wanted = new TreeSet<>();
    private final Set<String> features = new HashSet<>();
    private final Set<String> used = new HashSet<>();

    GraphLowering(Model model, Options options, Mil mil) {
        this.model = model;
        this.options = options;
        this.mil = mil;
        model.graph().inputs().forEach(input -> features.add(input.name()));
        collect(model.graph());
    }

    private void collect(Graph graph) {
        graph.outputs().forEach(output -> used.add(output.name()));
        for (Node node : graph.nodes()) {
            used.addAll(node.inputs());
            node.outputs().forEach(output -> producers.put(output, node));
            for (Attribute attribute : node.attributes().values()) {
                if (attribute instanceof Attribute.GraphValue(Graph inner)) {
                    collect(inner);
                }
            }
        }
    }

    List<Lowered.Refusal> refusals() {
        return refusals;
    }

    /** Whether any node or output reads a value. */
    boolean isUsed(String value) {
        return used.contains(value);
    }

    /** Graph inputs that rules wanted as constants. */
    Set<String> wanted() {
        return wanted;
    }

    void refuse(String op, String name, String reason) {
        refusals.add(new Lowered.Refusal(op, name, reason));
    }

    /** Lowers nodes in order; initializers become constants when they are first used. */
    void lower(Graph graph, Scope scope) {
        graph.initializers().forEach(scope::constant);
        graph.nodes().forEach(node -> lower(node, scope));
    }

    /** An output of an inner graph that was lowered in a scope. */
    Scope.Held output(Graph graph, int index, Scope inner) {
        String name = graph.outputs().get(index).name();
        if (inner.isRefused(name)) {
            throw Refusals.unsupported("an operator inside it is refused");
        }
        if (inner.sequence(name).isPresent()) {
            throw Refusals.unsupported("a sequence that leaves an inner graph");
        }
        Optional<Tensor> constant = inner.constant(name);
        return constant.map(tensor -> new Scope.Held(use(name, inner, options.precision()), tensor.dtype()))
                .or(() -> inner.held(name))
                .orElseThrow(() -> Refusals.malformed("nothing makes " + ModelException.shown(name)));
    }

    /** A value of an inner graph where it is a constant. */
    Optional<Tensor> known(String name, Scope inner) {
        Optional<Tensor> constant = inner.constant(name);
        if (constant.isPresent() || inner.isRefused(name)) {
            return constant;
        }
        return inner.held(name).flatMap(held -> mil.content(held.value()));
    }

    private void lower(Node node, Scope scope) {
        String op = node.domain().isEmpty() ? node.op() : node.domain() + "." + node.op();
        Optional<Rule> rule = Rules.all().find(node.domain(), node.op());
        String place = node.outputs().isEmpty() ? node.name() : node.outputs().getFirst();
        if (rule.isEmpty()) {
            refuse(op, place, "no rule lowers it");
            node.outputs().forEach(scope::refuse);
            return;
        }
        if (node.inputs().stream().anyMatch(name -> !name.isEmpty() && scope.isRefused(name))) {
            node.outputs().forEach(scope::refuse);
            return;
        }
        long opset = model.opsets().getOrDefault(node.domain(), 1L);
        mil.out.begin(place);
        mil.out.trace().begin(node);
        try {
            if (EmptyOperands.areAll(node, scope)) {
                EmptyOperands.evaluate(node, opset, scope);
                return;
            }
            rule.get().lower(new Call(node, opset, scope, this, precision(node)), mil);
        } catch (ModelException e) {
            // A malformed graph is an error of its own; what MIL cannot say is collected, to report all of it.
            if (e.code() != ErrorCode.UNSUPPORTED) {
                throw new ModelException(e.code(), "graph", op + " " + ModelException.shown(place), e.problem());
            }
            refuse(op, place, e.problem());
            node.outputs().forEach(scope::refuse);
            // With the rest known too, what follows from no elements can be computed.
            if (EmptyOperands.areAny(node, scope)) {
                node.inputs().forEach(this::wantConstant);
            }
        }
    }

    private Precision precision(Node node) {
        Precision byOperator = options.precisions().getOrDefault(node.op(), options.precision());
        return options.precisions().getOrDefault(node.name(), byOperator);
    }

    MilDataType element(DType declared, Precision precision) {
        MilDataType carried = Carried.element(declared);
        return carried == MilDataType.FLOAT32 && precision == Precision.FLOAT16 ? MilDataType.FLOAT16 : carried;
    }

    /** A value in the type that a node of some precision computes in. */
    Var use(String name, Scope scope, Precision precision) {
        Optional<Tensor> constant = scope.constant(name);
        if (constant.isPresent()) {
            return weight(name, constant.get(), element(constant.get().dtype(), precision));
        }
        Scope.Held held =
                scope.held(name).orElseThrow(() -> Refusals.malformed("nothing makes " + ModelException.shown(name)));
        return inElement(held.value(), element(held.declared(), precision), scope);
    }

    Var inElement(Var value, MilDataType element, Scope scope) {
        if (value.element() == element) {
            return value;
        }
        return scope.cast(value, element).orElseGet(() -> {
            Var cast = mil.cast(value, element);
            scope.keepCast(value, cast);
            return cast;
        });
    }

    private Var weight(String name, Tensor tensor, MilDataType element) {
        return weights.computeIfAbsent(tensor, key -> new HashMap<>())
                .computeIfAbsent(element, key -> written(name, tensor, element));
    }

    private Var written(String name, Tensor tensor, MilDataType element) {
        Var made = mil.constant(rounded(tensor, element), name);
        DType stored = element.dtype().orElseThrow();
        mil.out
                .trace()
                .weight(
                        made,
                        name,
                        tensor,
                        stored == tensor.dtype()
                                ? List.of()
                                : List.of(new WeightTransform.Computed("as " + stored.text())));
        return made;
    }

    /** A constant of the graph as a computation in an element type has it. */
    private static Tensor rounded(Tensor tensor, MilDataType element) {
        if (tensor.dtype() != DType.FLOAT32 || element != MilDataType.FLOAT16) {
            return tensor;
        }
        Tensor rounded = Tensor.spilled(DType.FLOAT16, tensor.shape());
        for (long i = 0; i < tensor.elements(); i++) {
            double value = tensor.doubleAt(i);
            // Masks are written as numbers that float16 would turn into infinities, and a row of those is NaN after a
            // softmax.
            boolean beyond = Math.abs(value) > FLOAT16_MAX && Double.isFinite(value);
            rounded.set(i, beyond ? Math.copySign(FLOAT16_MAX, value) : value);
        }
        return rounded;
    }

    void define(String name, Var value, DType declared, Scope scope) {
        mil.out.trace().stands(value, name);
        scope.hold(name, value, declared);
    }

    /** Notes the graph inputs on which a value depends that should be a constant; a shape does not depend on numbers. */
    void wantConstant(String name) {
        Deque<String> open = new ArrayDeque<>(List.of(name));
        Set<String> seen = new HashSet<>();
        while (!open.isEmpty()) {
            String next = open.pop();
            if (next.isEmpty() || !seen.add(next)) {
                continue;
            }
            if (features.contains(next)) {
                wanted.add(next);
            }
            Node node = producers.get(next);
            if (node != null && !node.op().equals("Shape") && !node.op().equals("Size")) {
                open.addAll(node.inputs());
            }
        }
    }
}
