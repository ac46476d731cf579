package dev.fairlead.model.interpret;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Content;
import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;

/** A model of one node, run by ONNX Runtime and by the interpreter. */
final class OneNode {
    private static final double FLOAT32 = 2e-6;

    private final String op;
    private final String domain;
    private final TreeMap<String, Attribute> attributes = new TreeMap<>();
    private final List<String> names = new ArrayList<>();
    private final Map<String, Tensor> inputs = new LinkedHashMap<>();
    private final TreeMap<String, Tensor> constants = new TreeMap<>();
    private long opset = 22;
    private int outputs = 1;

    OneNode(String domain, String op) {
        this.domain = domain;
        this.op = op;
    }

    static OneNode of(String op) {
        return new OneNode("", op);
    }

    static OneNode microsoft(String op) {
        return new OneNode("com.microsoft", op);
    }

    OneNode opset(long version) {
        opset = version;
        return this;
    }

    OneNode outputs(int count) {
        outputs = count;
        return this;
    }

    OneNode with(String name, long value) {
        attributes.put(name, new Attribute.Int(value));
        return this;
    }

    OneNode with(String name, float value) {
        attributes.put(name, new Attribute.Real(value));
        return this;
    }

    OneNode with(String name, String value) {
        attributes.put(name, new Attribute.Text(value));
        return this;
    }

    OneNode with(String name, Attribute value) {
        attributes.put(name, value);
        return this;
    }

    OneNode ints(String name, long... values) {
        return with(name, new Attribute.Ints(LongStream.of(values).boxed().toList()));
    }

    OneNode input(Tensor tensor) {
        String name = "i" + names.size();
        names.add(name);
        inputs.put(name, tensor);
        return this;
    }

    /** An input whose value the model holds. */
    OneNode constant(Tensor tensor) {
        String name = "i" + names.size();
        names.add(name);
        constants.put(name, tensor);
        return this;
    }

    OneNode absent() {
        names.add("");
        return this;
    }

    OneNode inputIf(boolean present, Tensor tensor) {
        return present ? input(tensor) : absent();
    }

    private Model model() {
        List<String> results = new ArrayList<>();
        for (int i = 0; i < outputs; i++) {
            results.add("o" + i);
        }
        while (!names.isEmpty() && names.getLast().isEmpty()) {
            names.removeLast();
        }
        Node node = new Node("node", domain, op, names, results, attributes, new TreeMap<>());
        List<Value> given = inputs.entrySet().stream()
                .map(input -> Value.of(
                        input.getKey(),
                        input.getValue().dtype(),
                        input.getValue().shape().stream()
                                .<Dim>map(Dim.Fixed::new)
                                .toList()))
                .toList();
        List<Value> made = results.stream()
                .map(name -> new Value(name, Optional.empty(), Optional.empty()))
                .toList();
        Graph graph = new Graph("g", given, made, constants, List.of(node), List.of());
        TreeMap<String, Long> opsets = new TreeMap<>(Map.of("", opset));
        if (!domain.isEmpty()) {
            opsets.put(domain, 1L);
        }
        return new Model(10, "test", "", opsets, Map.of(), graph);
    }

    /** Holds the interpreter to ONNX Runtime, within the rounding of float32 relative to the largest number of an output. */
    void check() throws OrtException {
        check(FLOAT32);
    }

    void check(double tolerance) throws OrtException {
        Model model = model();
        Map<String, Tensor> expected = OnnxRuntime.run(model, inputs);
        Map<String, Datum> found = new Interpreter(model).run(data(inputs));
        expected.forEach((name, tensor) ->
                assertClose(name, tensor, tensor(Objects.requireNonNull(found.get(name))), tolerance));
    }

    static Map<String, Datum> data(Map<String, Tensor> tensors) {
        Map<String, Datum> data = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> data.put(name, Datum.of(Array.of(tensor))));
        return data;
    }

    static Tensor tensor(Datum datum) {
        assertThat(datum.content()).isInstanceOf(Content.Dense.class);
        return ((Content.Dense) datum.content()).tensor();
    }

    static void assertClose(String name, Tensor expected, Tensor found, double tolerance) {
        assertThat(found.dtype()).as(name).isEqualTo(expected.dtype());
        assertThat(found.shape()).as(name).isEqualTo(expected.shape());
        double largest = 1;
        for (long i = 0; i < expected.elements(); i++) {
            double value = Math.abs(expected.doubleAt(i));
            largest = Double.isFinite(value) ? Math.max(largest, value) : largest;
        }
        double allowed = expected.dtype().isFloating() ? largest * tolerance : 0;
        for (long i = 0; i < expected.elements(); i++) {
            double a = expected.doubleAt(i);
            double b = found.doubleAt(i);
            boolean same = Double.compare(a, b) == 0 || a == b || Math.abs(a - b) <= allowed;
            assertThat(same)
                    .as("%s[%d]: ONNX Runtime %s, interpreter %s", name, i, a, b)
                    .isTrue();
        }
    }

    /** Numbers from a normal distribution. */
    static Tensor normal(Random random, long... shape) {
        List<Long> sizes = LongStream.of(shape).boxed().toList();
        Tensor tensor = Tensor.allocate(DType.FLOAT32, sizes);
        for (long i = 0; i < tensor.elements(); i++) {
            tensor.set(i, random.nextGaussian());
        }
        return tensor;
    }

    /** Integers in {@code [from, to)}. */
    static Tensor integers(Random random, DType dtype, long from, long to, long... shape) {
        List<Long> sizes = LongStream.of(shape).boxed().toList();
        Tensor tensor = Tensor.allocate(dtype, sizes);
        for (long i = 0; i < tensor.elements(); i++) {
            tensor.set(i, random.nextLong(from, to));
        }
        return tensor;
    }

    static Tensor longs(DType dtype, long... values) {
        Tensor tensor = Tensor.allocate(dtype, List.of((long) values.length));
        for (int i = 0; i < values.length; i++) {
            tensor.set(i, values[i]);
        }
        return tensor;
    }

    static Tensor scalar(DType dtype, double value) {
        return Tensor.scalar(dtype, value);
    }
}
