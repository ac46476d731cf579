package dev.fairlead.model.convert;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Constants that were given as JSON, in the types of the inputs that they stand for. */
final class Literals {
    private Literals() {}

    /**
     * By input.
     *
     * @throws ModelException MISSING when there is no such input, MALFORMED when the value is no tensor of its type
     */
    static Map<String, Tensor> tensors(Graph graph, Options options) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        options.tensors().forEach((name, tensor) -> tensors.put(name, fitting(input(graph, name), tensor)));
        options.specialised().forEach((name, literal) -> {
            Value input = input(graph, name);
            DType dtype = input.dtype().orElseThrow(() -> wrong(name, "is no input of a known type"));
            tensors.put(name, fitting(input, tensor(name, dtype, literal)));
        });
        return tensors;
    }

    /** A tensor that an input can hold; sizes that vary may be any. */
    private static Tensor fitting(Value input, Tensor tensor) {
        input.dtype().filter(dtype -> dtype != tensor.dtype()).ifPresent(dtype -> {
            throw wrong(
                    input.name(),
                    "is " + dtype.text() + ", not " + tensor.dtype().text());
        });
        List<Dim> shape = input.shape().orElse(null);
        if (shape != null) {
            boolean fits = shape.size() == tensor.shape().size();
            for (int i = 0; fits && i < shape.size(); i++) {
                fits = !(shape.get(i) instanceof Dim.Fixed(long size))
                        || size == tensor.shape().get(i);
            }
            if (!fits) {
                throw wrong(input.name(), "has shape " + shape + ", not " + tensor.shape());
            }
        }
        return tensor;
    }

    private static Value input(Graph graph, String name) {
        return graph.inputs().stream()
                .filter(value -> value.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new ModelException(
                        ErrorCode.MISSING, "graph", "inputs", "none is called " + ModelException.shown(name)));
    }

    private static Tensor tensor(String name, DType dtype, JsonNode literal) {
        List<Long> shape = new ArrayList<>();
        for (JsonNode at = literal; at != null && at.isArray(); at = at.get(0)) {
            shape.add((long) at.size());
        }
        Tensor tensor = Tensor.allocate(dtype, shape);
        List<JsonNode> leaves = new ArrayList<>();
        collect(name, literal, shape, 0, leaves);
        for (int i = 0; i < leaves.size(); i++) {
            set(name, tensor, i, leaves.get(i));
        }
        return tensor;
    }

    private static void collect(String name, JsonNode node, List<Long> shape, int axis, List<JsonNode> leaves) {
        if (axis == shape.size()) {
            if (node.isContainerNode()) {
                throw wrong(name, "its arrays are not of one shape");
            }
            leaves.add(node);
            return;
        }
        if (!node.isArray() || node.size() != shape.get(axis)) {
            throw wrong(name, "its arrays are not of one shape");
        }
        node.forEach(inner -> collect(name, inner, shape, axis + 1, leaves));
    }

    private static void set(String name, Tensor tensor, int index, JsonNode leaf) {
        if (tensor.dtype() == DType.BOOL && leaf.isBoolean()) {
            tensor.set(index, leaf.booleanValue() ? 1L : 0L);
        } else if (tensor.dtype().isInteger() && leaf.isIntegralNumber() && leaf.canConvertToLong()) {
            tensor.set(index, leaf.longValue());
            if (tensor.longAt(index) != leaf.longValue()) {
                throw wrong(name, leaf + " is no " + tensor.dtype().text());
            }
        } else if (tensor.dtype().isFloating() && leaf.isNumber()) {
            tensor.set(index, leaf.doubleValue());
        } else {
            throw wrong(name, leaf + " is no " + tensor.dtype().text());
        }
    }

    private static ModelException wrong(String name, String problem) {
        return new ModelException(ErrorCode.MALFORMED, "settings", "specialise " + ModelException.shown(name), problem);
    }
}
