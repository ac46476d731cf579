package dev.fairlead.model.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtException;
import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.coreml.CoremlPackage;
import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.graph.Origin;
import dev.fairlead.model.graph.UnsupportedOperation;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.onnx.OnnxFile;
import dev.fairlead.model.onnx.OnnxWriter;
import dev.fairlead.model.provenance.OfValue;
import dev.fairlead.model.provenance.OfWeight;
import dev.fairlead.model.provenance.OriginMetadata;
import dev.fairlead.model.provenance.Provenance;
import dev.fairlead.model.provenance.ProvenanceFile;
import dev.fairlead.model.safetensors.Safetensors;
import dev.fairlead.model.signature.ModelInfoFile;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Segments;
import dev.fairlead.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every direction: what MLX computed, ONNX Runtime computes after the model has been through the other formats. */
class DirectionsTest {
    private static final Path FIXTURES = Path.of("src/test/resources/conversion");
    private static final Path PACKAGES = Path.of("src/test/resources/coreml");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "cnn, onnx mlx onnx, 1e-6",
        "encoder, onnx mlx onnx, 1e-5",
        "quantised, onnx mlx onnx, 1e-6",
        "cnn, coreml onnx, 1e-5",
        "cnn, coreml mlx onnx, 1e-5",
        "encoder, coreml onnx, 1e-5",
        "cnn, onnx onnx, 1e-6",
        "encoder, onnx onnx mlx onnx, 1e-5",
        "cnn, mlx onnx, 1e-6"
    })
    void computesTheSameAfterTheWay(String fixture, String way, double tolerance) throws OrtException {
        Path model = FIXTURES.resolve(fixture);
        for (String format : List.of(way.split(" ", -1))) {
            model = convert(model, Map.of("target_format", format));
        }
        compare(fixture, model, tolerance);
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 20, 23})
    void computesTheSameInAnotherOperatorSet(int opset) throws OrtException {
        Path model = convert(convert(FIXTURES.resolve("cnn"), Map.of()), Map.of("opset", Integer.toString(opset)));

        try (OnnxFile file = OnnxFile.open(model.resolve(OnnxWriter.MODEL))) {
            assertThat(file.model().opsets()).containsEntry("", (long) opset);
        }
        compare("cnn", model, 1e-6);
    }

    @Test
    void keepsTheBytesOfQuantisedWeightsOnTheWayBack() {
        Path back = convert(convert(FIXTURES.resolve("quantised"), Map.of()), Map.of("target_format", "mlx"));

        try (Safetensors before = Safetensors.open(FIXTURES.resolve("quantised/weights.safetensors"));
                Safetensors after = Safetensors.open(back.resolve("weights.safetensors"))) {
            // Of 4 and of 8 bits; those of 3 are widened on the way there.
            for (Tensor original : List.of(before.tensor("constant.4"), before.tensor("constant.8"))) {
                assertThat(after.tensors().values())
                        .anyMatch(tensor -> tensor.data().mismatch(original.data()) < 0);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mlx", "coreml", "onnx"})
    void givesTheSameBytesForTheSameInput(String format) throws IOException {
        Path onnx = convert(FIXTURES.resolve("cnn"), Map.of());
        Path first = convert(onnx, Map.of("target_format", format));
        Path second = convert(onnx, Map.of("target_format", format));

        List<Path> files = files(first);
        assertThat(files(second)).isEqualTo(files);
        for (Path file : files) {
            assertThat(second.resolve(file)).hasSameBinaryContentAs(first.resolve(file));
        }
    }

    @Test
    void keepsTheLinesOfThePrototypeInEveryFormat() {
        Path onnx = convert(FIXTURES.resolve("cnn"), Map.of());
        for (String format : List.of("mlx", "coreml", "onnx")) {
            List<OfValue> values = ProvenanceFile.read(convert(onnx, Map.of("target_format", format)))
                    .values();
            assertThat(values).as(format).isNotEmpty();
            assertThat(values)
                    .as(format)
                    .anyMatch(value -> value.origin().file().equals(Optional.of("prototypes.py"))
                            && value.origin().module().equals(Optional.of("first")));
        }
    }

    @Test
    void namesTheSourcesOfTheFirstModelAfterTwoSteps() {
        Set<String> traced = new HashSet<>();
        Path direct = convert(FIXTURES.resolve("cnn"), Map.of("target_format", "coreml"));
        ProvenanceFile.read(convert(FIXTURES.resolve("cnn"), Map.of()))
                .values()
                .forEach(value -> traced.addAll(value.sources()));

        List<OfValue> values = ProvenanceFile.read(direct).values();

        assertThat(values).isNotEmpty();
        assertThat(values.stream().flatMap(value -> value.sources().stream())).anyMatch(traced::contains);
        assertThat(ProvenanceFile.read(direct).weights())
                .extracting(weight -> weight.source())
                .contains("first.weight");
    }

    @Test
    void followsProvenanceThroughThreeConversions() {
        Path onnx = convert(FIXTURES.resolve("encoder"), Map.of());
        Path mlx = convert(onnx, Map.of("target_format", "mlx"));
        Path coreml = convert(mlx, Map.of("target_format", "coreml"));
        try (Safetensors first = Safetensors.open(FIXTURES.resolve("encoder/weights.safetensors"))) {
            for (Path model : List.of(mlx, coreml)) {
                Provenance provenance = ProvenanceFile.read(model);
                // Values of the traced graph are called v and a number, and those of the encoder's own lines have a
                // module.
                assertThat(provenance.values())
                        .filteredOn(value -> value.origin()
                                        .module()
                                        .filter(module -> module.endsWith("query"))
                                        .isPresent()
                                && value.origin().line().isPresent()
                                && value.rule().contains("@1 > "))
                        .isNotEmpty()
                        .allSatisfy(value ->
                                assertThat(value.sources()).isNotEmpty().allMatch(source -> source.matches("v[0-9]+")));
                List<OfWeight> named = provenance.weights().stream()
                        .filter(weight -> weight.source().contains("query.weight"))
                        .toList();
                assertThat(named).isNotEmpty();
                named.forEach(weight -> assertThat(weight.sha256())
                        .isEqualTo(Segments.sha256(first.tensor(weight.source()).data())));
            }
        }
    }

    @Test
    void namesEveryOperatorThatAnOlderSetLacksWithItsLine() {
        Origin origin = new Origin(Optional.of("head"), Optional.of("net.py"), Optional.of(7));
        List<Dim> shape = List.of(new Dim.Fixed(2), new Dim.Fixed(3));
        List<Node> nodes = List.of(
                new Node(
                        "",
                        "",
                        "Trilu",
                        List.of("x"),
                        List.of("t"),
                        new TreeMap<>(),
                        OriginMetadata.of("Tril", "v1", origin)),
                new Node("last", "", "Gelu", List.of("t"), List.of("y"), new TreeMap<>(), new TreeMap<>()),
                new Node("", "", "Trilu", List.of("y"), List.of("z"), new TreeMap<>(), new TreeMap<>()));
        Graph graph = new Graph(
                "old",
                List.of(Value.of("x", DType.FLOAT32, shape)),
                List.of(Value.of("z", DType.FLOAT32, shape)),
                Map.of(),
                nodes,
                List.of());
        OnnxWriter.write(new Model(11, "test", "1", new TreeMap<>(Map.of("", 23L)), Map.of(), graph), folder);

        Conversion refused = Converter.convert(
                folder.resolve(OnnxWriter.MODEL), folder.resolve("old"), Settings.options(Map.of("opset", "13")));

        assertThat(((Conversion.Unsupported) refused).operations())
                .extracting(UnsupportedOperation::toString)
                .containsExactly(
                        "Trilu at net.py:7 (head): the operator is not in it", "Trilu z: the operator is not in it");
        assertThat(folder.resolve("old")).doesNotExist();
    }

    @Test
    void readsAPackageAndAnOnnxFileThatStandAlone() {
        Path onnx = convert(PACKAGES.resolve("convolution.mlpackage"), Map.of());
        Path mlx = convert(onnx.resolve(OnnxWriter.MODEL), Map.of("target_format", "mlx"));

        assertThat(ModelInfoFile.read(mlx).signature().outputs())
                .hasSameSizeAs(ModelInfoFile.read(onnx).signature().outputs());
    }

    @Test
    void takesTheFunctionThatIsAskedFor() {
        Path model = PACKAGES.resolve("functions.mlpackage");
        assertThatThrownBy(() -> convert(model, Map.of("function", "nowhere")))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("\"nowhere\" is none of");
        assertThatThrownBy(() -> convert(FIXTURES.resolve("cnn"), Map.of("function", "main")))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("function");
    }

    @Test
    void namesTheInputsThatWouldHaveToBeKnownAndTakesThem() throws OrtException, IOException {
        Path source = reshaping();

        Conversion refused = Converter.convert(source, folder.resolve("refused"), Options.to(Format.MLX));
        assertThat(((Conversion.Unsupported) refused).undecided()).containsExactly("shape");
        assertThat(folder.resolve("refused")).doesNotExist();
        Path mlx = convert(source, Map.of("target_format", "mlx", "specialise", "{\"shape\": [3, 2]}"));

        assertThat(ModelInfoFile.read(mlx).signature().inputs())
                .extracting(spec -> spec.name())
                .containsExactly("x");
        Path onnx = convert(mlx, Map.of());
        try (OnnxRuntimeSession session = new OnnxRuntimeSession(onnx.resolve(OnnxWriter.MODEL))) {
            Tensor x = Tensor.ofFloats(List.of(2L, 3L), 1, 2, 3, 4, 5, 6);
            Tensor y = Objects.requireNonNull(session.run(Map.of("x", x)).get("y"));
            assertThat(y.shape()).containsExactly(3L, 2L);
            assertThat(y.data().mismatch(x.data())).isEqualTo(-1);
        }
        assertThatThrownBy(() -> convert(source, Map.of("specialise", "{\"shape\": [3, 2.5]}")))
                .hasMessage("settings: specialise \"shape\": 2.5 is no int64");
        assertThatThrownBy(() -> convert(source, Map.of("specialise", "{\"shape\": [[3], [2, 1]]}")))
                .hasMessage("settings: specialise \"shape\": its arrays are not of one shape");
        assertThatThrownBy(() -> convert(source, Map.of("specialise", "{\"shape\": [3, 2, 1]}")))
                .hasMessage("settings: specialise \"shape\": has shape [2], not [3]");
        assertThatThrownBy(() -> convert(source, Map.of("specialise", "{\"size\": 3}")))
                .hasMessage("graph: inputs: none is called \"size\"");
    }

    @Test
    void fixesSizesAndThenFoldsWhatFollowsFromThem() throws OrtException {
        for (String format : List.of("onnx", "mlx", "coreml")) {
            Path model = convert(
                    FIXTURES.resolve("encoder"),
                    Map.of("target_format", format, "sizes", "{\"batch\": 3, \"sequence\": 9}"));
            assertThat(ModelInfoFile.read(model).signature().inputs())
                    .as(format)
                    .allSatisfy(spec -> assertThat(spec.shape()).containsExactly(new Dim.Fixed(3), new Dim.Fixed(9)));
            if (format.equals("onnx")) {
                try (OnnxFile file = OnnxFile.open(model.resolve(OnnxWriter.MODEL))) {
                    assertThat(file.model().graph().nodes())
                            .extracting(Node::op)
                            .doesNotContain("Shape");
                }
            }
        }
        assertThatThrownBy(() -> convert(FIXTURES.resolve("cnn"), Map.of("sizes", "{\"sequence\": 9}")))
                .hasMessage("graph: sizes: no input has sequence, but batch");
    }

    @Test
    void writesAPackageThatIsReadAsOne() {
        Path target = folder.resolve("net.mlpackage");
        assertThat(Converter.convert(FIXTURES.resolve("quantised"), target, Options.to(Format.COREML)))
                .isInstanceOf(Conversion.Converted.class);
        assertThat(target.resolve("Manifest.json")).exists();
        assertThat(ModelInfoFile.read(target).format()).isEqualTo("coreml");
        Path onnx = convert(target, Map.of());
        assertThat(ModelInfoFile.read(onnx).producedBy()).containsKeys("mlx", "fairlead");
    }

    @Test
    void aStateSurvivesTheWayThroughEveryFormat() {
        Path model = PACKAGES.resolve("counter.mlpackage");
        for (String format : List.of("onnx", "mlx", "onnx", "mlx", "coreml")) {
            model = convert(model, Map.of("target_format", format));
        }
        try (CoremlPackage before = CoremlPackage.open(PACKAGES.resolve("counter.mlpackage"));
                CoremlPackage after = CoremlPackage.open(model.resolve(Source.PACKAGE))) {
            assertThat(after.model().description().main())
                    .isEqualTo(before.model().description().main());
        }
    }

    @ParameterizedTest
    @EnumSource(Watch.Step.class)
    void leavesNothingWhenItIsEndedBeforeAnyStep(Watch.Step step) throws IOException {
        assertThatThrownBy(() ->
                        Converter.convert(FIXTURES.resolve("cnn"), folder.resolve("target"), Options.defaults(), at -> {
                            if (at == step) {
                                throw new CancellationException("enough");
                            }
                        }))
                .isInstanceOf(CancellationException.class);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void leavesWhatStandsInItsPlaceAlone() throws IOException {
        Path target = Files.createDirectory(folder.resolve("taken"));
        Files.writeString(target.resolve("mine"), "mine");

        assertThatThrownBy(() -> Converter.convert(FIXTURES.resolve("cnn"), target, Options.defaults()))
                .isInstanceOf(ModelException.class)
                .extracting(problem -> ((ModelException) problem).code())
                .isEqualTo(ErrorCode.IO);

        assertThat(target.resolve("mine")).hasContent("mine");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(target);
        }
    }

    @Test
    void leavesNothingOfAModelThatFails() throws IOException {
        Path source = Files.createDirectory(folder.resolve("source"));
        for (String file : List.of("model.json", "graph.json", "weights.safetensors")) {
            Files.copy(FIXTURES.resolve("cnn").resolve(file), source.resolve(file));
        }
        Files.writeString(source.resolve("weights.safetensors"), "short");

        assertThatThrownBy(() -> Converter.convert(source, folder.resolve("target"), Options.defaults()))
                .isInstanceOf(ModelException.class);

        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(source);
        }
    }

    private Path convert(Path source, Map<String, String> settings) {
        Path target = folder.resolve("model-" + System.nanoTime());
        Conversion conversion = Converter.convert(source, target, Settings.options(settings));
        assertThat(conversion).isInstanceOf(Conversion.Converted.class);
        return target;
    }

    /** {@code y = Reshape(x, shape)}, with shape an input. */
    private Path reshaping() throws IOException {
        List<Dim> sizes = List.of(new Dim.Fixed(2), new Dim.Fixed(3));
        Graph graph = new Graph(
                "reshaping",
                List.of(Value.of("x", DType.FLOAT32, sizes), Value.of("shape", DType.INT64, List.of(new Dim.Fixed(2)))),
                List.of(Value.of(
                        "y", DType.FLOAT32, List.of(Dim.of(Expression.symbol("a")), Dim.of(Expression.symbol("b"))))),
                Map.of(),
                List.of(new Node(
                        "", "", "Reshape", List.of("x", "shape"), List.of("y"), new TreeMap<>(), new TreeMap<>())),
                List.of());
        Path source = Files.createDirectory(folder.resolve("reshaping"));
        OnnxWriter.write(new Model(10, "", "", new TreeMap<>(Map.of("", 21L)), Map.of(), graph), source);
        return source.resolve(OnnxWriter.MODEL);
    }

    private static List<Path> files(Path model) throws IOException {
        try (Stream<Path> files = Files.walk(model)) {
            return files.filter(Files::isRegularFile)
                    .map(model::relativize)
                    .sorted()
                    .toList();
        }
    }

    /** Runs the fixture's cases, inputs and outputs by their order in the signature: Core ML has names of its own. */
    private static void compare(String fixture, Path model, double tolerance) throws OrtException {
        List<String> inputs = names(FIXTURES.resolve(fixture), true);
        List<String> outputs = names(FIXTURES.resolve(fixture), false);
        try (Safetensors cases = Safetensors.open(FIXTURES.resolve(fixture).resolve("cases.safetensors"));
                OnnxRuntimeSession session = new OnnxRuntimeSession(model.resolve(OnnxWriter.MODEL))) {
            Set<String> numbers = new HashSet<>();
            cases.tensors().keySet().forEach(name -> numbers.add(name.substring(0, 7)));
            assertThat(numbers).isNotEmpty();
            for (String number : numbers) {
                Map<String, Tensor> feeds = new LinkedHashMap<>();
                List<String> fed = names(model, true);
                for (int i = 0; i < inputs.size(); i++) {
                    feeds.put(fed.get(i), cases.tensor(number + inputs.get(i)));
                }
                Map<String, Tensor> results = session.run(feeds);
                List<String> given = names(model, false);
                for (int i = 0; i < outputs.size(); i++) {
                    Tensor expected = cases.tensor(number + outputs.get(i));
                    Tensor found = Objects.requireNonNull(results.get(given.get(i)));
                    assertThat(found.shape()).isEqualTo(expected.shape());
                    for (long k = 0; k < expected.elements(); k++) {
                        double a = found.doubleAt(k);
                        double b = expected.doubleAt(k);
                        assertThat(a == b || Math.abs(a - b) <= tolerance * (1 + Math.abs(b)))
                                .as("%s%s[%d]: %s, MLX has %s", number, outputs.get(i), k, a, b)
                                .isTrue();
                    }
                }
            }
        }
    }

    private static List<String> names(Path model, boolean inputs) {
        var signature = ModelInfoFile.read(model).signature();
        return (inputs ? signature.inputs() : signature.outputs())
                .stream().map(spec -> spec.name()).toList();
    }
}
