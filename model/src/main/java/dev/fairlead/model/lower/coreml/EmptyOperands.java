package dev.fairlead.model.lower.coreml;

import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Content;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.interpret.Datum;
import dev.fairlead.model.interpret.Interpreter;
import dev.fairlead.model.interpret.Kernels;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Nodes whose operands are constants of which one has no elements. Core ML has no such tensors; but what is computed from none is known
 * exactly, such as the sum of nothing.
 */
final class EmptyOperands {
    private EmptyOperands() {}

    static boolean areAll(Node node, Scope scope) {
        boolean inner = node.attributes().values().stream().anyMatch(Attribute.GraphValue.class::isInstance);
        boolean empty = false;
        for (String name : node.inputs()) {
            Optional<Tensor> constant = name.isEmpty() ? Optional.empty() : scope.constant(name);
            if (!name.isEmpty() && constant.isEmpty()) {
                return false;
            }
            empty |= constant.map(tensor -> tensor.elements() == 0).orElse(false);
        }
        return empty && !inner && node.domain().isEmpty() && Kernels.operators().contains(node.op());
    }

    static boolean areAny(Node node, Scope scope) {
        return node.inputs().stream()
                .flatMap(name -> scope.constant(name).stream())
                .anyMatch(tensor -> tensor.elements() == 0);
    }

    static void evaluate(Node node, long opset, Scope scope) {
        Map<String, Tensor> operands = new LinkedHashMap<>();
        node.inputs().stream()
                .filter(name -> !name.isEmpty())
                .forEach(name -> operands.put(name, scope.constant(name).orElseThrow()));
        List<Value> outputs = new ArrayList<>();
        node.outputs().stream()
                .filter(name -> !name.isEmpty())
                .forEach(name -> outputs.add(new Value(name, Optional.empty(), Optional.empty())));
        Graph graph = new Graph("node", List.of(), outputs, operands, List.of(node), List.of());
        Model model = new Model(10, "", "", new TreeMap<>(Map.of("", opset)), Map.of(), graph);
        Map<String, Datum> results = new Interpreter(model).run(Map.of());
        results.forEach((name, datum) -> {
            if (!(datum.content() instanceof Content.Dense(Tensor tensor))) {
                throw Refusals.unsupported("a result that is no tensor");
            }
            scope.constant(name, tensor);
        });
    }
}
