package dev.fairlead.model.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.graph.TextArray;
import dev.fairlead.model.graph.Type;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parts of the format that few models use, in files that {@code make_onnx_fixtures.py} makes. */
class OnnxFormatTest {
    @TempDir
    private Path folder;

    private static OnnxFile open(String name) {
        try {
            return OnnxFile.open(
                    Path.of(Objects.requireNonNull(OnnxFormatTest.class.getResource("/onnx/" + name + ".onnx"))
                            .toURI()));
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void readsTypedFieldsAsTheSameBytesAsRawOnes() {
        try (OnnxFile file = open("tensors")) {
            Map<String, Tensor> tensors = file.model().graph().initializers();
            assertThat(tensors).hasSize(2 * 25);
            tensors.forEach((name, tensor) -> {
                if (name.endsWith("_typed")) {
                    Tensor raw = Objects.requireNonNull(tensors.get(name.replace("_typed", "_raw")));
                    assertThat(tensor.dtype()).as(name).isEqualTo(raw.dtype());
                    assertThat(tensor.data().toArray(ValueLayout.JAVA_BYTE))
                            .as(name)
                            .containsExactly(raw.data().toArray(ValueLayout.JAVA_BYTE));
                }
            });
            assertThat(tensors.values().stream().map(Tensor::dtype).distinct()).hasSize(25);
            assertThat(Objects.requireNonNull(tensors.get("INT4_raw")).longAt(1))
                    .isEqualTo(5);
            assertThat(Objects.requireNonNull(tensors.get("FLOAT4E2M1_typed")).doubleAt(1))
                    .isEqualTo(0.5);
            assertThat(Objects.requireNonNull(tensors.get("BFLOAT16_typed")).doubleAt(2))
                    .isEqualTo(2);
        }
    }

    @Test
    void readsEveryTypeOfValue() {
        try (OnnxFile file = open("values")) {
            Map<String, Value> inputs =
                    file.model().graph().inputs().stream().collect(Collectors.toMap(Value::name, Function.identity()));
            Type tensor = new Type.Dense(
                    Optional.of(DType.FLOAT32),
                    Optional.of(List.of(new Dim.Symbolic(Expression.symbol("n")), new Dim.Fixed(2))));
            Type sequence = new Type.Sequence(tensor);
            assertThat(inputs.values().stream().collect(Collectors.toMap(Value::name, Value::type)))
                    .containsExactlyInAnyOrderEntriesOf(Map.of(
                            "sequence",
                            sequence,
                            "optional",
                            new Type.Maybe(sequence),
                            "texts",
                            new Type.Texts(Optional.of(List.of(new Dim.Fixed(3)))),
                            "sparse",
                            new Type.Sparse(
                                    Optional.of(DType.FLOAT64),
                                    Optional.of(List.of(new Dim.Fixed(4), new Dim.Fixed(4)))),
                            "map",
                            new Type.Mapping(Optional.of(DType.INT64), tensor),
                            "words",
                            new Type.Mapping(Optional.empty(), tensor)));
            Node none = file.model().graph().nodes().getLast();
            assertThat(none.attributes()).containsEntry("type", new Attribute.TypeValue(sequence));
        }
    }

    @Test
    void makesConstantsOfInitializersOfStrings() {
        try (OnnxFile file = open("values")) {
            Node constant = file.model().graph().nodes().getFirst();
            assertThat(constant.op()).isEqualTo("Constant");
            assertThat(constant.outputs()).containsExactly("fixed");
            assertThat(constant.attributes())
                    .containsEntry("value", new Attribute.TextTensor(new TextArray(List.of(2L), List.of("ä", ""))));
        }
    }

    @Test
    void carriesWhatTheGraphHasNoPlaceFor() throws IOException {
        try (OnnxFile file = open("values")) {
            OnnxWriter.write(file.model(), folder);
            try (OnnxFile again = OnnxFile.open(folder.resolve("model.onnx"))) {
                Model model = again.model();
                assertThat(model).isEqualTo(file.model());
                assertThat(model.metadata())
                        .containsExactlyInAnyOrderEntriesOf(Map.of(
                                "task",
                                "none",
                                Carried.DOMAIN,
                                "dev.fairlead",
                                Carried.MODEL_VERSION,
                                "7",
                                Carried.DOCUMENTATION,
                                "a model",
                                Carried.GRAPH_DOCUMENTATION,
                                "a graph",
                                Carried.GRAPH_METADATA + "author",
                                "none"));
                assertThat(model.graph().inputs().getFirst().metadata()).containsEntry("kind", "list");
                assertThat(model.graph().nodes().getLast().metadata())
                        .containsEntry("made", "here")
                        .containsEntry(Carried.DOCUMENTATION, "no value");
            }
            byte[] first = Files.readAllBytes(folder.resolve("model.onnx"));
            OnnxWriter.write(file.model(), folder);
            assertThat(Files.readAllBytes(folder.resolve("model.onnx"))).containsExactly(first);
        }
    }

    @Test
    void makesSparseTensorsDense() {
        try (OnnxFile file = open("sparse")) {
            Graph graph = file.model().graph();
            Tensor linear = Objects.requireNonNull(graph.initializers().get("linear"));
            assertThat(linear.shape()).containsExactly(2L, 3L);
            assertThat(List.of(linear.doubleAt(0), linear.doubleAt(1), linear.doubleAt(5)))
                    .containsExactly(0.0, 1.5, -2.0);
            Tensor tuples = Objects.requireNonNull(graph.initializers().get("tuples"));
            assertThat(List.of(tuples.longAt(0), tuples.longAt(1), tuples.longAt(2)))
                    .containsExactly(0L, 0L, 9L);
            assertThat(graph.nodes().getFirst().attributes()).containsOnlyKeys("value");
        }
    }

    @Test
    void putsFunctionsWhereTheyAreCalled() {
        try (OnnxFile file = open("functions")) {
            Model model = file.model();
            assertThat(model.opsets()).isEqualTo(new TreeMap<>(Map.of("", 18L)));
            List<String> made = model.graph().nodes().stream()
                    .flatMap(node -> node.outputs().stream())
                    .toList();
            assertThat(made).doesNotHaveDuplicates().contains("first", "second", "half", "copy");
            assertThat(model.graph().nodes())
                    .allSatisfy(node -> assertThat(node.domain()).isEmpty());
        }
    }

    @Test
    void keepsAnInnerGraphsWeightsApartFromTheOuterOnesOfTheSameName() throws IOException {
        Tensor outer = Tensor.ofFloats(List.of(512L), new float[512]);
        outer.set(0, 1.0);
        Tensor inner = Tensor.ofFloats(List.of(512L), new float[512]);
        inner.set(0, 2.0);
        Graph body = new Graph("body", List.of(), List.of(), Map.of("w", inner), List.of(), List.of());
        Node node = new Node(
                "",
                "",
                "If",
                List.of("c"),
                List.of("y"),
                new TreeMap<>(Map.of("then_branch", new Attribute.GraphValue(body))),
                new TreeMap<>());
        List<Value> inputs = List.of(Value.of("c", DType.BOOL, List.of()));
        Graph graph = new Graph("g", inputs, List.of(), Map.of("w", outer), List.of(node), List.of());
        OnnxWriter.write(new Model(10, "", "", new TreeMap<>(Map.of("", 21L)), Map.of(), graph), folder);
        try (OnnxFile file = OnnxFile.open(folder.resolve("model.onnx"))) {
            Graph found = file.model().graph();
            assertThat(Objects.requireNonNull(found.initializers().get("w")).doubleAt(0))
                    .isEqualTo(1);
            assertThat(found.nodes().getFirst().attributes().get("then_branch"))
                    .isInstanceOfSatisfying(
                            Attribute.GraphValue.class,
                            then -> assertThat(Objects.requireNonNull(
                                                    then.value().initializers().get("w"))
                                            .doubleAt(0))
                                    .isEqualTo(2));
        }
    }
}
