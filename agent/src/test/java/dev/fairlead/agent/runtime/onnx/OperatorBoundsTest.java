package dev.fairlead.agent.runtime.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.interpret.Array;
import dev.fairlead.model.interpret.Datum;
import dev.fairlead.model.interpret.Interpreter;
import dev.fairlead.model.onnx.OnnxWriter;
import dev.fairlead.model.provenance.Provenance;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import dev.fairlead.parity.locate.Replay;
import dev.fairlead.parity.locate.Replayed;
import dev.fairlead.parity.locate.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** ONNX Runtime's own operators, each alone, on ordinary numbers and with one channel 300 times as large: none may be called wrong. */
class OperatorBoundsTest {
    private static final Map<String, Attribute> NONE = Map.of();

    @TempDir
    private Path folder;

    static Stream<Arguments> operators() {
        Stream<Arguments> unary = Stream.of(
                        "Abs",
                        "Atan",
                        "Ceil",
                        "Celu",
                        "Cos",
                        "Elu",
                        "Erf",
                        "Exp",
                        "Floor",
                        "Gelu",
                        "HardSigmoid",
                        "HardSwish",
                        "LeakyRelu",
                        "Mish",
                        "Neg",
                        "Reciprocal",
                        "Relu",
                        "Round",
                        "Selu",
                        "Sigmoid",
                        "Sign",
                        "Sin",
                        "Softplus",
                        "Softsign",
                        "Tanh",
                        "Transpose",
                        "GlobalAveragePool",
                        "GlobalMaxPool",
                        "Softmax",
                        "LogSoftmax",
                        "ReduceMean",
                        "ReduceSum",
                        "ReduceMax",
                        "ReduceL2",
                        "ReduceLogSumExp",
                        "ReduceSumSquare",
                        "LpNormalization")
                .map(op -> Arguments.of(op, NONE, List.of(new long[] {2, 3, 5, 8})));
        Stream<Arguments> binary = Stream.of("Add", "Sub", "Mul", "Div", "Max", "Min", "Greater", "Equal", "PRelu")
                .map(op -> Arguments.of(op, NONE, List.of(new long[] {2, 3, 5, 8}, new long[] {8})));
        Stream<Arguments> others = Stream.of(
                Arguments.of("MatMul", NONE, List.of(new long[] {2, 7, 300}, new long[] {2, 300, 5})),
                Arguments.of(
                        "Gemm",
                        Map.of("alpha", new Attribute.Real(-0.5f), "transB", new Attribute.Int(1)),
                        List.of(new long[] {4, 64}, new long[] {3, 64}, new long[] {3})),
                Arguments.of("Conv", NONE, List.of(new long[] {1, 6, 9, 9}, new long[] {4, 6, 3, 3}, new long[] {4})),
                Arguments.of(
                        "ConvTranspose", NONE, List.of(new long[] {1, 6, 5, 5}, new long[] {6, 4, 3, 3}, new long[] {4
                        })),
                Arguments.of(
                        "AveragePool",
                        Map.of("kernel_shape", new Attribute.Ints(List.of(3L, 3L))),
                        List.of(new long[] {1, 2, 9, 9})),
                Arguments.of("LayerNormalization", NONE, List.of(new long[] {6, 48}, new long[] {48}, new long[] {48})),
                Arguments.of(
                        "InstanceNormalization", NONE, List.of(new long[] {2, 3, 40}, new long[] {3}, new long[] {3})),
                Arguments.of(
                        "Einsum",
                        Map.of("equation", new Attribute.Text("bij,bjk->bik")),
                        List.of(new long[] {2, 4, 30}, new long[] {2, 30, 5})),
                Arguments.of(
                        "GRU",
                        Map.of("hidden_size", new Attribute.Int(5)),
                        List.of(new long[] {4, 2, 6}, new long[] {1, 15, 6}, new long[] {1, 15, 5})),
                Arguments.of(
                        "LSTM",
                        Map.of("hidden_size", new Attribute.Int(5)),
                        List.of(new long[] {4, 2, 6}, new long[] {1, 20, 6}, new long[] {1, 20, 5})));
        return Stream.of(unary, binary, others)
                .flatMap(all -> all)
                .flatMap(one -> Stream.of(DType.FLOAT32, DType.FLOAT16)
                        // Celu has no other type, and what Gemm does is the next test's.
                        .filter(dtype ->
                                dtype == DType.FLOAT32 || !(one.get()[0].equals("Celu") || one.get()[0].equals("Gemm")))
                        .map(dtype -> Arguments.of(dtype, one.get()[0], one.get()[1], one.get()[2])));
    }

    @ParameterizedTest(name = "{1} {0}")
    @MethodSource("operators")
    void findsTheRuntimesOwnOperatorRight(
            DType dtype, String op, Map<String, Attribute> attributes, List<long[]> shapes) throws IOException {
        Model model = model(dtype, op, attributes, shapes);
        write(model, dtype, shapes);
        try (Target target = OnnxTarget.opener(folder).open(Map.of())) {
            for (long seed = 1; seed <= 4; seed++) {
                Map<String, Tensor> inputs = new LinkedHashMap<>();
                SplittableRandom random = new SplittableRandom(seed);
                for (int i = 0; i < shapes.size(); i++) {
                    inputs.put("x" + i, numbers(dtype, random, shapes.get(i), seed > 2 && i == 0 ? 300 : 1));
                }
                for (Replayed one :
                        new Replay(model, Provenance.NONE, OnnxTarget.contract(Map.of())).all(target, inputs)) {
                    assertThat(one.verdict())
                            .as("seed %d: %s %s", seed, one.sentence(), one.reason())
                            .isIn(Replayed.Verdict.RIGHT, Replayed.Verdict.WIDENED);
                }
            }
        }
    }

    /** ONNX Runtime's CPU provider sums float16 in float16 here, which is no float32 accumulation. */
    @Test
    void saysWhereSumsAreKeptInFloat16() throws IOException {
        List<long[]> shapes = List.of(new long[] {4, 64}, new long[] {64, 3}, new long[] {3});
        Model model = model(DType.FLOAT16, "Gemm", NONE, shapes);
        write(model, DType.FLOAT16, shapes);
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        for (int i = 0; i < shapes.size(); i++) {
            inputs.put("x" + i, numbers(DType.FLOAT16, new SplittableRandom(i), shapes.get(i), 1));
        }
        try (Target target = OnnxTarget.opener(folder).open(Map.of())) {
            Replayed one = new Replay(model, Provenance.NONE, OnnxTarget.contract(Map.of()))
                    .all(target, inputs)
                    .getFirst();
            assertThat(one.verdict()).isEqualTo(Replayed.Verdict.WRONG);
            assertThat(one.reason()).isEqualTo("it is within the bound of sums kept in float16");
        }
    }

    private void write(Model model, DType dtype, List<long[]> shapes) throws IOException {
        OnnxWriter.write(model, folder);
        List<String> inputs = new ArrayList<>();
        for (int i = 0; i < shapes.size(); i++) {
            inputs.add("{\"name\": \"x%d\", \"dtype\": \"%s\", \"shape\": %s}"
                    .formatted(i, dtype.text(), Arrays.toString(shapes.get(i))));
        }
        Files.writeString(
                folder.resolve("model.json"),
                "{\"format\": \"onnx\", \"version\": 1, \"signature\": {\"inputs\": [%s], \"outputs\": [%s]}}"
                        .formatted(String.join(", ", inputs), output(model, dtype, shapes)));
    }

    /** Of the shape and type that the interpreter finds. */
    private static String output(Model model, DType dtype, List<long[]> shapes) {
        Map<String, Datum> inputs = new LinkedHashMap<>();
        for (int i = 0; i < shapes.size(); i++) {
            inputs.put("x" + i, Datum.of(Array.of(numbers(dtype, new SplittableRandom(1), shapes.get(i), 1))));
        }
        if (new Interpreter(model).run(inputs).get("y") instanceof Datum.Dense(Array array)) {
            return "{\"name\": \"y\", \"dtype\": \"%s\", \"shape\": %s}"
                    .formatted(array instanceof Array.Integers ? "bool" : dtype.text(), Arrays.toString(array.shape()));
        }
        throw new IllegalStateException("no tensor");
    }

    private static Model model(DType dtype, String op, Map<String, Attribute> attributes, List<long[]> shapes) {
        List<Value> inputs = new ArrayList<>();
        for (int i = 0; i < shapes.size(); i++) {
            inputs.add(Value.of(
                    "x" + i,
                    dtype,
                    Arrays.stream(shapes.get(i)).<Dim>mapToObj(Dim.Fixed::new).toList()));
        }
        Node node = new Node(
                "node",
                "",
                op,
                inputs.stream().map(Value::name).toList(),
                List.of("y"),
                new TreeMap<>(attributes),
                new TreeMap<>());
        Value y = new Value("y", Optional.empty(), Optional.empty());
        Graph graph = new Graph("one", inputs, List.of(y), Map.of(), List.of(node), List.of());
        return new Model(10, "", "", new TreeMap<>(Map.of("", 21L)), Map.of(), graph);
    }

    private static Tensor numbers(DType dtype, SplittableRandom random, long[] shape, double outlier) {
        Tensor tensor = Tensor.allocate(dtype, Arrays.stream(shape).boxed().toList());
        long channels = shape[shape.length - 1];
        for (long i = 0; i < tensor.elements(); i++) {
            tensor.set(i, random.nextGaussian() * (i % channels == 1 ? outlier : 1));
        }
        return tensor;
    }
}
