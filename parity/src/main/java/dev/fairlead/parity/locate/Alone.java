package dev.fairlead.parity.locate;

import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.interpret.Datum;
import dev.fairlead.model.interpret.Interpreter;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One node of a graph as a model of its own, in float64. */
final class Alone {
    private final Interpreter interpreter;

    /** @throws dev.fairlead.model.ModelException UNSUPPORTED where the node has no kernel */
    Alone(Model model, Node node) {
        List<Value> inputs = Uses.of(node).stream().map(Alone::value).toList();
        List<Value> outputs = node.outputs().stream()
                .filter(name -> !name.isEmpty())
                .map(Alone::value)
                .toList();
        interpreter =
                new Interpreter(model.withGraph(new Graph("", inputs, outputs, Map.of(), List.of(node), List.of())));
    }

    private static Value value(String name) {
        return new Value(name, Optional.empty(), Optional.empty());
    }

    /** The node's outputs by name, for all that it uses by name. */
    Map<String, Datum> run(Map<String, Datum> inputs) {
        return interpreter.run(inputs);
    }
}
