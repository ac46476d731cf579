package dev.fairlead.conformance.random;

import dev.fairlead.model.graph.Content;
import dev.fairlead.model.interpret.Datum;
import dev.fairlead.model.interpret.Interpreter;
import dev.fairlead.model.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** What the interpreter makes of a random graph. */
final class Interpreted {
    private Interpreted() {}

    static Map<String, Tensor> outputs(RandomGraph graph) {
        Map<String, Datum> data = new LinkedHashMap<>();
        graph.inputs().forEach((name, tensor) -> data.put(name, Datum.of(new Content.Dense(tensor))));
        Map<String, Tensor> outputs = new TreeMap<>();
        new Interpreter(graph.model()).run(data).forEach((name, datum) -> {
            if (datum.content() instanceof Content.Dense(Tensor tensor)) {
                outputs.put(name, tensor);
            }
        });
        return outputs;
    }
}
