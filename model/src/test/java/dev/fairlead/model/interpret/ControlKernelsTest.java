package dev.fairlead.model.interpret;

import static dev.fairlead.model.interpret.OneNode.longs;
import static dev.fairlead.model.interpret.OneNode.normal;
import static dev.fairlead.model.interpret.OneNode.scalar;

import ai.onnxruntime.OrtException;
import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Branches and loops held to ONNX Runtime. */
class ControlKernelsTest {
    private static Node node(String op, List<String> inputs, String output) {
        return new Node("", "", op, inputs, List.of(output), new TreeMap<>(), new TreeMap<>());
    }

    private static Value value(String name, DType dtype, long... shape) {
        return Value.of(
                name, dtype, Arrays.stream(shape).<Dim>mapToObj(Dim.Fixed::new).toList());
    }

    private static Attribute graph(
            List<Value> inputs, List<Value> outputs, Map<String, Tensor> constants, Node... nodes) {
        return new Attribute.GraphValue(new Graph("body", inputs, outputs, constants, List.of(nodes), List.of()));
    }

    /** Adds the iteration's number, collects the sums, and goes on while they are below a limit. */
    private static Attribute counting(double limit) {
        return graph(
                List.of(value("i", DType.INT64), value("c", DType.BOOL), value("sum", DType.FLOAT32, 2)),
                List.of(value("goes", DType.BOOL), value("next", DType.FLOAT32, 2), value("seen", DType.FLOAT32, 2)),
                Map.of("one", longs(DType.INT64, 1), "limit", scalar(DType.FLOAT32, limit)),
                new Node(
                        "",
                        "",
                        "Cast",
                        List.of("i"),
                        List.of("real"),
                        new TreeMap<>(Map.of("to", new Attribute.Int(1))),
                        new TreeMap<>()),
                node("Add", List.of("sum", "real"), "next"),
                node("Identity", List.of("next"), "seen"),
                new Node(
                        "",
                        "",
                        "ReduceMax",
                        List.of("next"),
                        List.of("max"),
                        new TreeMap<>(Map.of("keepdims", new Attribute.Int(0))),
                        new TreeMap<>()),
                node("Less", List.of("max", "limit"), "goes"));
    }

    @Property(tries = 40)
    void loops(@ForAll @IntRange(max = 8) int most, @ForAll @IntRange(max = 20) int limit, @ForAll boolean starts)
            throws OrtException {
        OneNode.of("Loop")
                .outputs(2)
                .with("body", counting(limit))
                .input(Tensor.ofLongs(List.of(), most))
                .input(Tensor.scalar(DType.BOOL, starts ? 1 : 0))
                .input(normal(new Random(limit), 2))
                .check();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void branches(boolean condition) throws OrtException {
        OneNode.of("If")
                .with(
                        "then_branch",
                        graph(
                                List.of(),
                                List.of(value("a", DType.FLOAT32, 2)),
                                Map.of("x", Tensor.ofFloats(List.of(2L), 1, 2)),
                                node("Neg", List.of("x"), "a")))
                .with(
                        "else_branch",
                        graph(
                                List.of(),
                                List.of(value("b", DType.FLOAT32, 1)),
                                Map.of("y", Tensor.ofFloats(List.of(1L), 3)),
                                node("Exp", List.of("y"), "b")))
                .input(Tensor.scalar(DType.BOOL, condition ? 1 : 0))
                .check();
    }

    @Property(tries = 30)
    void scans(
            @ForAll boolean inputBackwards,
            @ForAll boolean outputBackwards,
            @ForAll @IntRange(min = -2, max = 1) int inputAxis,
            @ForAll @IntRange(min = -2, max = 1) int outputAxis)
            throws OrtException {
        Attribute body = graph(
                List.of(value("sum", DType.FLOAT32, 3), value("x", DType.FLOAT32, 3)),
                List.of(value("next", DType.FLOAT32, 3), value("seen", DType.FLOAT32, 3)),
                Map.of(),
                node("Add", List.of("sum", "x"), "next"),
                node("Mul", List.of("next", "x"), "seen"));
        OneNode.of("Scan")
                .outputs(2)
                .with("num_scan_inputs", 1)
                .ints("scan_input_axes", inputAxis)
                .ints("scan_input_directions", inputBackwards ? 1 : 0)
                .ints("scan_output_axes", outputAxis)
                .ints("scan_output_directions", outputBackwards ? 1 : 0)
                .with("body", body)
                .input(normal(new Random(2), 3))
                .input(inputAxis % 2 == 0 ? normal(new Random(3), 4, 3) : normal(new Random(3), 3, 4))
                .check(1e-5);
    }
}
