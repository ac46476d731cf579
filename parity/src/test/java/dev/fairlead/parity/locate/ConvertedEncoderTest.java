package dev.fairlead.parity.locate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.ModelException;
import dev.fairlead.model.convert.Conversion;
import dev.fairlead.model.convert.Converter;
import dev.fairlead.model.convert.Format;
import dev.fairlead.model.convert.Options;
import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.provenance.Provenance;
import dev.fairlead.model.provenance.ProvenanceFile;
import dev.fairlead.model.safetensors.Safetensors;
import dev.fairlead.model.tensor.Permutation;
import dev.fairlead.model.tensor.Tensor;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The encoder of {@code examples/encoder}, traced at a small size, converted, and then spoilt in one place. Its source's values are those
 * of the Python package's float64 reference, which shares no rule with the conversion.
 */
class ConvertedEncoderTest {
    private static final Path SOURCE = Path.of("../model/src/test/resources/conversion/encoder");
    private static final Path RECORDED =
            Path.of("src/test/resources/dev/fairlead/parity/locate/encoder-float64.safetensors");
    private static final List<String> INPUTS = List.of("input_ids", "attention_mask");
    private static final String WEIGHT = "layers.1.attention.output.weight";

    @TempDir
    private static Path folder;

    @BeforeAll
    static void convert() {
        assertThat(Converter.convert(SOURCE, folder.resolve("onnx"), Options.defaults()))
                .isInstanceOf(Conversion.Converted.class);
    }

    /** The spoilt model, the value that it makes wrong, and the line of encoder.py that the value comes from. */
    static Stream<Arguments> faults() {
        Map<String, Attribute> none = Map.of();
        return Stream.of(
                Arguments.of("a square weight is transposed", transposed(), line("v149", 56)),
                Arguments.of("the scale is off by 1 %", weight("constant.3", DivergenceTest::larger), line("v45", 54)),
                Arguments.of(
                        "softmax runs over queries",
                        node("v54", "Softmax", Map.of("axis", new Attribute.Int(2))),
                        line("v54", 55)),
                Arguments.of("erf is tanh", op("Erf", "Tanh", none), line("", 76)),
                Arguments.of(
                        "an epsilon is 1e-6",
                        weight("constant.2", _ -> Tensor.ofFloats(List.of(), 1e-6f)),
                        line("v21", 38)),
                Arguments.of(
                        "a sum is a maximum",
                        node("v70", "ReduceMax", Map.of("keepdims", new Attribute.Int(1))),
                        line("v70", 75)));
    }

    record Expected(String value, int line) {}

    private static Expected line(String value, int line) {
        return new Expected(value, line);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void namesTheLineOfThePrototype(String fault, Function<Model, Model> spoiling, Expected expected) {
        Operation culprit = againstTheReference(spoiling).culprit().orElseThrow();
        assertThat(culprit.origin().file()).contains("encoder.py");
        assertThat(culprit.origin().line()).contains(expected.line());
        if (!expected.value().isEmpty()) {
            assertThat(culprit.value()).isEqualTo(expected.value());
        }
        assertThat(culprit.version()).isEqualTo(1);
        assertThat(culprit.inputs()).isNotEmpty().allMatch(input -> input.error() <= Divergence.LIMIT);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void namesItAgainstTheConvertersOwnReadingOfTheSource(
            String fault, Function<Model, Model> spoiling, Expected expected) {
        Operation culprit = againstTheLift(spoiling).culprit().orElseThrow();
        assertThat(culprit.origin().line()).contains(expected.line());
    }

    @Test
    void findsACleanConversionClean() {
        Located located = againstTheReference(model -> model);
        assertThat(located.culprit()).isEmpty();
        assertThat(located.compared()).isGreaterThan(100);
        assertThat(located.worst()).isEmpty();
    }

    /** Each value in turn is made larger by a thousandth; the operation that makes it, or one that it is named with, must be found. */
    @Test
    void namesWhicheverOperationIsOff() {
        List<String> values = reading(
                model -> model,
                (model, _) -> model.graph().nodes().stream()
                        .filter(node -> !node.name().startsWith("shape/"))
                        .map(node -> node.outputs().getFirst())
                        .toList());
        int planted = 0;
        List<String> missed = new ArrayList<>();
        for (String value : values) {
            Located located;
            try {
                located = againstTheReference(model -> larger(model, value));
            } catch (ModelException e) {
                continue; // integers, which Mul with a fraction does not take
            }
            planted++;
            if (!located.culprit()
                    .map(one -> one.node().equals(value) || one.within().contains(value))
                    .orElse(false)) {
                missed.add(value + " " + located.sentence());
            }
        }
        assertThat(planted).isGreaterThan(100);
        assertThat(missed).isEmpty();
    }

    private static Model larger(Model model, String value) {
        Graph graph = model.graph();
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            if (node.outputs().getFirst().equals(value)) {
                nodes.add(new Node(
                        "before/" + value,
                        node.domain(),
                        node.op(),
                        node.inputs(),
                        List.of("before/" + value),
                        node.attributes(),
                        node.metadata()));
                nodes.add(new Node(
                        value,
                        "",
                        "Mul",
                        List.of("before/" + value, "a/little/more"),
                        List.of(value),
                        new TreeMap<>(),
                        node.metadata()));
            } else {
                nodes.add(node);
            }
        }
        Map<String, Tensor> weights = new LinkedHashMap<>(graph.initializers());
        weights.put("a/little/more", Tensor.ofFloats(List.of(), 1.001f));
        return model.withGraph(
                new Graph(graph.name(), graph.inputs(), graph.outputs(), weights, nodes, graph.values()));
    }

    @Test
    void namesTheLineBehindACoremlProgram() {
        Path coreml = folder.resolve("coreml");
        assertThat(Converter.convert(SOURCE, coreml, Options.to(Format.COREML)))
                .isInstanceOf(Conversion.Converted.class);
        Located right = againstTheReference(coreml, model -> model);
        assertThat(right.culprit()).isEmpty();
        assertThat(right.compared()).isGreaterThan(100);
        Operation culprit = againstTheReference(coreml, op("Softmax", "Softmax", Map.of("axis", new Attribute.Int(2))))
                .culprit()
                .orElseThrow();
        assertThat(culprit.op()).isEqualTo("Softmax");
        assertThat(culprit.origin().toString()).isEqualTo("encoder.py:55 (layers.0.attention)");
        assertThat(culprit.rule()).isEqualTo("Softmax@1 > Softmax");
    }

    @Test
    void namesTheWeightWithoutARun() {
        try (Safetensors weights = Safetensors.open(SOURCE.resolve("weights.safetensors"))) {
            List<WeightFault> faults = reading(
                    transposed(),
                    (model, provenance) ->
                            new WeightCheck(model, provenance, weights.tensors()).faults(provenance.weights()));
            assertThat(faults).hasSize(1);
            assertThat(faults.getFirst().source()).isEqualTo(WEIGHT);
            assertThat(faults.getFirst().problem())
                    .isEqualTo("equals the source transposed [1, 0], which has the same shape");
            assertThat(faults.getFirst().origin().toString()).isEqualTo("encoder.py:56 (layers.1.attention.output)");
            assertThat(faults.getFirst().rule()).isEqualTo("AddMM");
        }
    }

    private static Function<Model, Model> transposed() {
        return weight(WEIGHT, tensor -> Permutation.apply(tensor, List.of(1, 0), Arena.ofAuto()));
    }

    private static Located againstTheReference(Function<Model, Model> spoiling) {
        return againstTheReference(folder.resolve("onnx"), spoiling);
    }

    private static Located againstTheReference(Path converted, Function<Model, Model> spoiling) {
        try (Safetensors recorded = Safetensors.open(RECORDED)) {
            return reading(
                    converted,
                    spoiling,
                    (model, provenance) -> new Divergence(
                                    model,
                                    provenance,
                                    new Recorded(recorded),
                                    List.of("output"),
                                    new Interpreted(model, INPUTS))
                            .locate(cases()));
        }
    }

    private static Located againstTheLift(Function<Model, Model> spoiling) {
        return Converter.read(
                SOURCE,
                source -> reading(
                        spoiling,
                        (model, provenance) -> new Divergence(
                                        model,
                                        provenance,
                                        new Interpreted(source, INPUTS),
                                        List.of("output"),
                                        new Interpreted(model, INPUTS))
                                .locate(cases())));
    }

    private static List<Case> cases() {
        try (Safetensors file = Safetensors.open(RECORDED)) {
            Map<String, Tensor> inputs = new LinkedHashMap<>();
            for (String name : INPUTS) {
                Tensor tensor = file.tensor("000000/" + name);
                Tensor copy = Tensor.allocate(tensor.dtype(), tensor.shape());
                copy.data().copyFrom(tensor.data());
                inputs.put(name, copy);
            }
            return List.of(new Case("000000", inputs));
        }
    }

    private interface Use<T> {
        T of(Model model, Provenance provenance);
    }

    private static <T> T reading(Function<Model, Model> spoiling, Use<T> use) {
        return reading(folder.resolve("onnx"), spoiling, use);
    }

    private static <T> T reading(Path converted, Function<Model, Model> spoiling, Use<T> use) {
        return Converter.read(converted, model -> use.of(spoiling.apply(model), ProvenanceFile.read(converted)));
    }

    private static Function<Model, Model> weight(String name, Function<Tensor, Tensor> changed) {
        return model -> {
            Graph graph = model.graph();
            Map<String, Tensor> weights = new LinkedHashMap<>(graph.initializers());
            weights.put(name, changed.apply(Objects.requireNonNull(weights.get(name))));
            return model.withGraph(
                    new Graph(graph.name(), graph.inputs(), graph.outputs(), weights, graph.nodes(), graph.values()));
        };
    }

    /** Another operator where a value is made. */
    private static Function<Model, Model> node(String value, String op, Map<String, Attribute> attributes) {
        return nodes(node -> node.outputs().contains(value) ? other(node, op, attributes) : node);
    }

    /** Another operator for the first of a kind. */
    private static Function<Model, Model> op(String from, String to, Map<String, Attribute> attributes) {
        return model -> {
            String first = model.graph().nodes().stream()
                    .filter(node -> node.op().equals(from))
                    .findFirst()
                    .orElseThrow()
                    .outputs()
                    .getFirst();
            return node(first, to, attributes).apply(model);
        };
    }

    private static Node other(Node node, String op, Map<String, Attribute> attributes) {
        return new Node(node.name(), "", op, node.inputs(), node.outputs(), new TreeMap<>(attributes), node.metadata());
    }

    private static Function<Model, Model> nodes(Function<Node, Node> changed) {
        return model -> {
            Graph graph = model.graph();
            List<Node> nodes =
                    new ArrayList<>(graph.nodes().stream().map(changed).toList());
            return model.withGraph(new Graph(
                    graph.name(), graph.inputs(), graph.outputs(), graph.initializers(), nodes, graph.values()));
        };
    }
}
