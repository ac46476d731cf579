package dev.fairlead.model.lower.mlx;

import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.rewrite.Contraction;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Lowers an ONNX-shaped model to the MLX graph interchange. An input that has an initializer is that constant; what a rule doesn't
 * know of an operator's newer versions can't be told, so models of newer operator sets are refused.
 */
public final class MlxLowering {
    /** The newest version of ONNX' own operators that the rules were written for. */
    private static final long NEWEST = 27;

    private final Model model;
    private final Options options;
    private final Folding folding;
    private final Primitives mlx = new Primitives();
    private final List<Lowered.Operator> refused = new ArrayList<>();
    private final TreeSet<String> undecided = new TreeSet<>();

    private MlxLowering(Model model, Options options) {
        this.model = Contraction.expand(model);
        this.options = options;
        this.folding = new Folding(model.opsets());
    }

    /**
     * Lowers. The same model and options give the same graph.
     *
     * @throws dev.fairlead.model.ModelException MALFORMED when the model breaks ONNX' own rules
     */
    public static Lowered lower(Model model, Options options) {
        return new MlxLowering(model, options).lower();
    }

    private Lowered lower() {
        Graph graph = model.graph();
        long opset = model.opsets().getOrDefault("", 1L);
        if (opset > NEWEST) {
            String reason = "version " + opset + ", newer than " + NEWEST;
            return new Lowered.Refused(List.of(new Lowered.Operator("opset", "ai.onnx", reason)), undecided);
        }
        Map<String, Bound> scope = new HashMap<>();
        Symbols symbols = new Symbols();
        for (Value input : graph.inputs()) {
            Tensor known = options.specialised().get(input.name());
            if (known != null) {
                constant(input.name(), known, scope);
            } else if (!graph.initializers().containsKey(input.name())) {
                input(input, symbols, scope);
            }
        }
        run(graph, scope, Optional.empty());
        check(graph, scope);
        if (!refused.isEmpty()) {
            return new Lowered.Refused(refused, undecided);
        }
        Map<String, Operand> tensors = new HashMap<>();
        scope.forEach((name, bound) -> {
            if (bound instanceof Operand operand) {
                tensors.put(name, operand);
            }
        });
        return Assembly.of(graph, symbols.names(), tensors, mlx);
    }

    private void input(Value input, Symbols symbols, Map<String, Bound> scope) {
        try {
            if (input.dtype().isEmpty() || input.shape().isEmpty()) {
                throw Refusal.of("its type isn't a tensor of known rank");
            }
            List<Expression> shape = new ArrayList<>();
            for (Dim dim : input.shape().get()) {
                shape.add(symbols.size(dim, input.name(), shape.size()));
            }
            scope.put(input.name(), mlx.input(input.name(), input.dtype().get(), shape));
        } catch (Refusal refusal) {
            refused.add(new Lowered.Operator("input", input.name(), refusal.problem()));
        }
    }

    private void constant(String name, Tensor tensor, Map<String, Bound> scope) {
        if (Types.known(tensor.dtype())) {
            scope.put(name, mlx.constant(tensor));
        } else {
            scope.put(name, mlx.foreign(tensor));
        }
    }

    /**
     * Lowers the nodes of a graph into a scope.
     *
     * @param within names the node that holds an inner graph, in which the first refusal ends all
     */
    private void run(Graph graph, Map<String, Bound> scope, Optional<String> within) {
        graph.initializers().forEach((name, tensor) -> {
            if (!scope.containsKey(name) || within.isPresent()) {
                constant(name, tensor, scope);
            }
        });
        for (Node node : graph.nodes()) {
            try {
                mlx.begin(node);
                step(node, scope);
            } catch (Refusal refusal) {
                if (within.isPresent()) {
                    String problem = within.get() + ": " + Operation.name(node) + ": " + refusal.problem();
                    throw refusal.under(problem);
                }
                refused.add(new Lowered.Operator(Operation.name(node), label(node), refusal.problem()));
                refusal.undecided().ifPresent(operand -> undecided.addAll(mlx.inputsOf(operand)));
            }
        }
    }

    private void step(Node node, Map<String, Bound> scope) {
        String name = Operation.name(node);
        Rule rule = Rules.all().find(name).orElseThrow(() -> Refusal.of("no rule converts it"));
        List<Optional<Bound>> inputs = new ArrayList<>();
        for (String input : node.inputs()) {
            if (!input.isEmpty() && !scope.containsKey(input)) {
                return; // what makes it was refused and is reported
            }
            inputs.add(Optional.ofNullable(scope.get(input)));
        }
        long opset = model.opsets().getOrDefault(node.domain().equals("ai.onnx") ? "" : node.domain(), 1L);
        Operation operation =
                new Operation(node, opset, inputs, (graph, arguments) -> inner(node, graph, arguments, scope));
        List<? extends Bound> results = folded(node, inputs)
                .<List<? extends Bound>>map(list -> list)
                .or(() -> SymbolicSizes.result(operation, mlx).map(List::of))
                .orElseGet(() -> rule.lower(operation, mlx));
        for (int i = 0; i < Math.min(results.size(), node.outputs().size()); i++) {
            if (!node.outputs().get(i).isEmpty()) {
                scope.put(node.outputs().get(i), results.get(i));
            }
        }
    }

    private List<Bound> inner(Node node, Graph graph, List<Operand> arguments, Map<String, Bound> scope) {
        Map<String, Bound> own = new HashMap<>(scope);
        for (int i = 0; i < arguments.size(); i++) {
            own.put(graph.inputs().get(i).name(), arguments.get(i));
        }
        run(graph, own, Optional.of(graph.name().isEmpty() ? node.op() : graph.name()));
        return graph.outputs().stream()
                .map(output -> Optional.ofNullable(own.get(output.name()))
                        .orElseThrow(() -> Refusal.of("nothing makes " + output.name())))
                .toList();
    }

    private Optional<List<Operand>> folded(Node node, List<Optional<Bound>> inputs) {
        boolean hasGraph = node.attributes().values().stream().anyMatch(value -> value instanceof Attribute.GraphValue);
        if (hasGraph
                || inputs.isEmpty()
                || inputs.stream()
                        .flatMap(Optional::stream)
                        .anyMatch(input -> known(input).isEmpty())) {
            return Optional.empty();
        }
        List<Optional<Tensor>> tensors =
                inputs.stream().map(input -> input.flatMap(MlxLowering::known)).toList();
        return folding.fold(node, tensors)
                .filter(results -> results.stream().allMatch(tensor -> Types.known(tensor.dtype())))
                .map(results -> {
                    List<Operand> operands = new ArrayList<>();
                    int next = 0;
                    for (String output : node.outputs()) {
                        Tensor tensor = output.isEmpty() ? results.getFirst() : results.get(next++);
                        operands.add(mlx.constant(tensor));
                    }
                    return operands;
                });
    }

    private static Optional<Tensor> known(Bound bound) {
        return bound instanceof Operand operand ? operand.known() : Optional.empty();
    }

    /** Refuses outputs that graph.json can't hold. */
    private void check(Graph graph, Map<String, Bound> scope) {
        for (Value output : graph.outputs()) {
            switch (scope.get(output.name())) {
                case Operand operand
                when !Types.known(operand.dtype()) ->
                    refuse(output, "MLX has no type " + operand.dtype().text());
                case Operand operand
                when operand.counted().isPresent() ->
                    refuse(output, "the size " + operand.counted().get() + " itself");
                case Operand _ -> {}
                case Bound.Sequence _ -> refuse(output, "a sequence, and an MLX graph has tensors only");
                case null -> {}
            }
        }
    }

    private void refuse(Value output, String reason) {
        refused.add(new Lowered.Operator("output", output.name(), reason));
    }

    private static String label(Node node) {
        return node.name().isEmpty() && !node.outputs().isEmpty()
                ? node.outputs().getFirst()
                : node.name();
    }
}
