package dev.fairlead.parity.locate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.convert.Conversion;
import dev.fairlead.model.convert.Converter;
import dev.fairlead.model.convert.Options;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.provenance.ProvenanceFile;
import dev.fairlead.model.safetensors.Safetensors;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Permutation;
import dev.fairlead.model.tensor.Tensor;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The network of {@code examples/digits}, as its script exported it after one epoch, converted and then spoilt. */
class ConvertedDigitsTest {
    private static final Path SOURCE = Path.of("src/test/resources/dev/fairlead/parity/locate/digits");

    @TempDir
    private Path folder;

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of(weight("second.weight/permuted", ConvertedDigitsTest::turned), "Conv", 31, "Convolution"),
                Arguments.of(weight("head.weight", ConvertedDigitsTest::swapped), "Gemm", 33, "AddMM"),
                Arguments.of(weight("constant.0", _ -> Tensor.ofFloats(List.of(), 15)), "Div", 30, "Divide"),
                Arguments.of(op("v10/reducemax_2", "ReduceMin"), "ReduceMin", 30, "fused windows"),
                Arguments.of(op("v25", "Min"), "Min", 33, "Maximum"));
    }

    /** Against the lift every value is compared. */
    @ParameterizedTest
    @MethodSource("faults")
    void namesTheOperationAndItsLine(Function<Model, Model> spoiling, String op, int line, String rule) {
        Operation culprit = locate(spoiling, _ -> true).culprit().orElseThrow();
        assertThat(culprit.op()).isEqualTo(op);
        assertThat(culprit.rule()).isEqualTo(rule);
        assertThat(culprit.origin().file()).contains("train.py");
        assertThat(culprit.origin().line()).contains(line);
    }

    /** The reference knows the trace's values alone, so that all nodes of a rule stand for one. */
    @ParameterizedTest
    @MethodSource("faults")
    void namesTheRuleAndItsLineWhereInnerValuesAreNotKnown(
            Function<Model, Model> spoiling, String op, int line, String rule) {
        Operation culprit =
                locate(spoiling, name -> !name.contains("/")).culprit().orElseThrow();
        assertThat(culprit.rule()).isEqualTo(rule);
        assertThat(culprit.origin().line()).contains(line);
        if (!rule.equals("fused windows")) {
            assertThat(culprit.op()).isEqualTo(op);
        }
    }

    @Test
    void namesASquareKernelThatIsTransposed() {
        Path onnx = converted();
        try (Safetensors weights = Safetensors.open(SOURCE.resolve("weights.safetensors"))) {
            List<WeightFault> faults = Converter.read(onnx, model -> {
                var provenance = ProvenanceFile.read(onnx);
                Model spoilt = weight("second.weight/permuted", ConvertedDigitsTest::turned)
                        .apply(model);
                return new WeightCheck(spoilt, provenance, weights.tensors()).faults(provenance.weights());
            });
            assertThat(faults).hasSize(1);
            assertThat(faults.getFirst().source()).isEqualTo("second.weight");
            assertThat(faults.getFirst().problem())
                    .isEqualTo("equals the source transposed [0, 2, 1, 3], which has the same shape");
            assertThat(faults.getFirst().origin().toString()).isEqualTo("train.py:31 (second)");
        }
    }

    private Path converted() {
        Path onnx = folder.resolve("onnx");
        assertThat(Converter.convert(SOURCE, onnx, Options.defaults())).isInstanceOf(Conversion.Converted.class);
        return onnx;
    }

    private Located locate(Function<Model, Model> spoiling, Predicate<String> known) {
        Path onnx = converted();
        Tensor image = Tensor.allocate(DType.FLOAT32, List.of(2L, 8L, 8L, 1L));
        for (long i = 0; i < image.elements(); i++) {
            image.set(i, (double) (i * 7 % 17));
        }
        return Converter.read(
                SOURCE,
                source -> Converter.read(onnx, right -> {
                    Model candidate = spoiling.apply(right);
                    return new Divergence(
                                    candidate,
                                    ProvenanceFile.read(onnx),
                                    some(new Interpreted(source, List.of("image")), known),
                                    List.of("logits"),
                                    new Interpreted(candidate, List.of("image")))
                            .locate(List.of(new Case("0", Map.of("image", image))));
                }));
    }

    private static Values some(Values all, Predicate<String> known) {
        return new Values() {
            @Override
            public Set<String> names() {
                return all.names().stream().filter(known).collect(Collectors.toUnmodifiableSet());
            }

            @Override
            public void stream(Case one, Set<String> wanted, Sink sink) {
                all.stream(one, wanted, sink);
            }
        };
    }

    /** Height for width. */
    private static Tensor turned(Tensor kernel) {
        return Permutation.apply(kernel, List.of(0, 1, 3, 2), Arena.ofAuto());
    }

    private static Tensor swapped(Tensor head) {
        Tensor changed = Tensor.allocate(head.dtype(), head.shape());
        long columns = head.shape().getLast();
        for (long i = 0; i < head.elements(); i++) {
            long column = i % columns;
            changed.set(i, head.doubleAt(column == 2 ? i + 1 : column == 3 ? i - 1 : i));
        }
        return changed;
    }

    private static Function<Model, Model> weight(String name, Function<Tensor, Tensor> changed) {
        return model -> {
            Map<String, Tensor> weights = new LinkedHashMap<>(model.graph().initializers());
            weights.put(name, changed.apply(Objects.requireNonNull(weights.get(name))));
            return with(model, weights, model.graph().nodes());
        };
    }

    private static Function<Model, Model> op(String value, String op) {
        return model -> with(
                model,
                model.graph().initializers(),
                model.graph().nodes().stream()
                        .map(node -> node.outputs().contains(value)
                                ? new Node(
                                        node.name(),
                                        "",
                                        op,
                                        node.inputs(),
                                        node.outputs(),
                                        node.attributes(),
                                        node.metadata())
                                : node)
                        .toList());
    }

    private static Model with(Model model, Map<String, Tensor> weights, List<Node> nodes) {
        Graph graph = model.graph();
        return model.withGraph(
                new Graph(graph.name(), graph.inputs(), graph.outputs(), weights, nodes, graph.values()));
    }
}
