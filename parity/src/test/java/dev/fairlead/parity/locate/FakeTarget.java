package dev.fairlead.parity.locate;

import dev.fairlead.model.graph.Content;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.interpret.Array;
import dev.fairlead.model.interpret.Datum;
import dev.fairlead.model.interpret.Interpreter;
import dev.fairlead.model.interpret.Observer;
import dev.fairlead.model.interpret.Precision;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A machine that rounds each operation at its declared precision, runs whatever model it was given, and undoes a fusion where told. */
final class FakeTarget implements Target {
    private final Model model;
    private final Set<String> fused;
    private final List<String> runs = new ArrayList<>();

    /** @param fused values whose tap changes the outputs */
    FakeTarget(Model model, Set<String> fused) {
        this.model = model;
        this.fused = fused;
    }

    /** What was asked for, a line each. */
    List<String> runs() {
        return runs;
    }

    @Override
    public Map<String, Tensor> run(Map<String, Tensor> inputs, List<String> taps) {
        runs.add("taps " + taps);
        Map<String, Tensor> found = computed(model, inputs, taps);
        if (taps.stream().anyMatch(fused::contains)) {
            found.replaceAll((_, tensor) -> disturbed(tensor));
        }
        return found;
    }

    @Override
    public Map<String, Tensor> prefix(Map<String, Tensor> inputs, List<String> values) {
        runs.add("prefix " + values);
        Graph graph = model.graph();
        List<Value> outputs = values.stream()
                .map(name -> new Value(name, Optional.empty(), Optional.empty()))
                .toList();
        Graph cut =
                new Graph(graph.name(), graph.inputs(), outputs, graph.initializers(), graph.nodes(), graph.values());
        return computed(model.withGraph(cut), inputs, List.of());
    }

    private static Map<String, Tensor> computed(Model model, Map<String, Tensor> inputs, List<String> taps) {
        Map<String, Datum> feeds = new HashMap<>();
        inputs.forEach((name, tensor) -> feeds.put(name, Datum.of(Array.of(tensor))));
        Map<String, Tensor> found = new LinkedHashMap<>();
        Observer observer = (_, name, datum) -> {
            if (taps.contains(name)) {
                found.put(name, tensor(datum));
            }
        };
        new Interpreter(model, Precision.DECLARED)
                .run(feeds, observer)
                .forEach((name, datum) -> found.put(name, tensor(datum)));
        return found;
    }

    private static Tensor tensor(Datum datum) {
        if (datum.content() instanceof Content.Dense(Tensor tensor)) {
            return tensor;
        }
        throw new IllegalStateException("no tensor");
    }

    private static Tensor disturbed(Tensor tensor) {
        Tensor changed = Tensor.allocate(tensor.dtype(), tensor.shape());
        for (long i = 0; i < tensor.elements(); i++) {
            changed.set(i, tensor.doubleAt(i) + 1e-3);
        }
        return changed;
    }

    @Override
    public void close() {
        runs.add("close");
    }
}
