package dev.fairlead.parity.locate;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.interpret.Array;
import dev.fairlead.model.interpret.Datum;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a graph is fed for a case whose tensors have another model's names. */
public final class Feeds {
    private final List<Value> values;
    private final List<String> inputs;

    /**
     * @param inputs names of a case's tensors, one for each input of the graph, in its order
     * @throws ModelException MALFORMED when there are more or fewer
     */
    public Feeds(Graph graph, List<String> inputs) {
        this.values = fed(graph);
        this.inputs = List.copyOf(inputs);
        if (values.size() != inputs.size()) {
            throw new ModelException(
                    ErrorCode.MALFORMED,
                    "graph",
                    "inputs",
                    "has %d, the case has %d".formatted(values.size(), inputs.size()));
        }
    }

    /** The inputs that nothing in the graph stands for. */
    public static List<Value> fed(Graph graph) {
        return graph.inputs().stream()
                .filter(input -> !graph.initializers().containsKey(input.name()))
                .toList();
    }

    /** A converted model's input or output names as the source's: by name where all agree, by position otherwise. */
    public static List<String> matched(List<String> source, List<String> own) {
        return source.containsAll(own) ? own : source;
    }

    /**
     * The graph's inputs by its own names, of its own types.
     *
     * @param given by the case's names
     */
    public Map<String, Datum> of(Map<String, Tensor> given) {
        Map<String, Datum> feeds = new LinkedHashMap<>();
        for (int i = 0; i < values.size(); i++) {
            Tensor tensor = given.get(inputs.get(i));
            if (tensor == null) {
                throw new ModelException(
                        ErrorCode.MISSING, "inputs", ModelException.shown(inputs.get(i)), "is missing from the case");
            }
            feeds.put(values.get(i).name(), Datum.of(Array.of(fitted(tensor, values.get(i)))));
        }
        return feeds;
    }

    /** Another format may have another width, and no scalars. */
    private static Tensor fitted(Tensor tensor, Value input) {
        DType dtype = input.dtype().orElse(tensor.dtype());
        boolean isScalar = tensor.shape().isEmpty()
                && input.shape().map(shape -> shape.size() == 1).orElse(false);
        List<Long> shape = isScalar ? List.of(1L) : tensor.shape();
        if (dtype == tensor.dtype() || dtype.isFloating() != tensor.dtype().isFloating()) {
            return tensor.reshaped(shape);
        }
        Tensor made = Tensor.allocate(dtype, shape);
        for (long i = 0; i < tensor.elements(); i++) {
            if (dtype.isFloating()) {
                made.set(i, tensor.doubleAt(i));
            } else {
                made.set(i, tensor.longAt(i));
            }
        }
        return made;
    }
}
