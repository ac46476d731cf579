package dev.fairlead.model.lift.coreml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtException;
import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.convert.OnnxRuntimeSession;
import dev.fairlead.model.coreml.CoremlModel;
import dev.fairlead.model.coreml.CoremlPackage;
import dev.fairlead.model.coreml.Description;
import dev.fairlead.model.coreml.MilArgument;
import dev.fairlead.model.coreml.MilBlock;
import dev.fairlead.model.coreml.MilFunction;
import dev.fairlead.model.coreml.MilOperation;
import dev.fairlead.model.coreml.MilProgram;
import dev.fairlead.model.coreml.MilType;
import dev.fairlead.model.coreml.MilVariable;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.graph.Type;
import dev.fairlead.model.graph.UnsupportedOperation;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.lift.Lift;
import dev.fairlead.model.onnx.OnnxWriter;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The fixtures are what coremltools wrote for {@code src/test/python/coreml_fixtures.py}. */
class CoremlLiftTest {
    private static final Path FIXTURES = Path.of("src/test/resources/coreml");

    @TempDir
    private Path folder;

    private static CoremlPackage fixture(String name) {
        return CoremlPackage.open(FIXTURES.resolve(name + ".mlpackage"));
    }

    private static Model lifted(CoremlPackage source) {
        return ((Lift.Lifted) CoremlLift.lift(source.model(), Optional.empty(), "test")).model();
    }

    private Map<String, Tensor> run(Model model, Map<String, Tensor> inputs) throws OrtException, IOException {
        Path place = Files.createTempDirectory(folder, "onnx");
        OnnxWriter.write(model, place);
        try (OnnxRuntimeSession session = new OnnxRuntimeSession(place.resolve(OnnxWriter.MODEL))) {
            return session.run(inputs);
        }
    }

    @Test
    void carriesAStateInAndOut() throws OrtException, IOException {
        try (CoremlPackage source = fixture("counter")) {
            Model model = lifted(source);
            assertThat(model.graph().inputs()).extracting(Value::name).containsExactlyInAnyOrder("x", "kept");
            assertThat(model.graph().outputs()).extracting(Value::name).containsExactly("doubled", "kept_next");
            assertThat(model.metadata()).containsEntry("fairlead.state.kept", "kept_next");
            Map<String, Tensor> first = run(model, Map.of("x", half(1, 2, 3, 4), "kept", half(10, 20, 30, 40)));
            assertThat(numbers(first, "kept_next")).containsExactly(11, 22, 33, 44);
            assertThat(numbers(first, "doubled")).containsExactly(22, 44, 66, 88);
        }
    }

    /** From ones: their sum is positive, so one is added, and the square is taken three times; else they are doubled before. */
    @Test
    void liftsBranchesAndLoops() throws OrtException, IOException {
        try (CoremlPackage source = fixture("flow")) {
            Model model = lifted(source);
            Map<String, Tensor> positive = run(model, Map.of("x", Tensor.ofFloats(List.of(3L), 1, 1, -1)));
            assertThat(numbers(positive, "y")).containsExactly(256, 256, 0);
            Map<String, Tensor> negative = run(model, Map.of("x", Tensor.ofFloats(List.of(3L), -1, 0.5f, 0)));
            assertThat(numbers(negative, "y")).containsExactly(256, 1, 0);
        }
    }

    @Test
    void keepsQuantisedWeightsQuantisedAndDecodesTables() {
        try (CoremlPackage source = fixture("compressed")) {
            Model model = lifted(source);
            List<DType> payloads = model.graph().nodes().stream()
                    .filter(node -> node.op().equals("DequantizeLinear"))
                    .map(node -> node.inputs().getFirst())
                    .map(name -> Objects.requireNonNull(
                                    model.graph().initializers().get(name))
                            .dtype())
                    .toList();
            assertThat(payloads).containsExactly(DType.INT4, DType.UINT4, DType.INT8, DType.UINT8);
            assertThat(model.graph().initializers().values().stream()
                            .filter(tensor ->
                                    tensor.shape().equals(List.of(17L, 3L)) && tensor.dtype() == DType.FLOAT16))
                    .hasSize(6);
        }
    }

    @Test
    void givesFlexibleSizesSymbolsAndSaysTheirRange() throws OrtException, IOException {
        try (CoremlPackage source = fixture("ranged")) {
            Model model = lifted(source);
            assertThat(model.graph().inputs().getFirst().shape().orElseThrow().toString())
                    .isEqualTo("[1, 3, x_dim2, 4]");
            assertThat(model.metadata())
                    .containsEntry("fairlead.coreml.shapes.x", "1..1x3..3x4..8x4..4")
                    .containsEntry("fairlead.coreml.shape.x", "1x3x6x4");
            for (long size : List.of(4L, 8L)) {
                Tensor ones = Tensor.allocate(DType.FLOAT32, List.of(1L, 3L, size, 4L));
                for (long i = 0; i < ones.elements(); i++) {
                    ones.set(i, 1.0);
                }
                assertThat(numbers(run(model, Map.of("x", ones)), "y")).containsExactly(1, 1, 1);
            }
        }
    }

    @Test
    void liftsTheFunctionThatIsAskedFor() {
        try (CoremlPackage source = fixture("functions")) {
            assertThat(lifted(source).metadata())
                    .containsEntry("fairlead.coreml.function", "second")
                    .containsEntry("fairlead.coreml.functions", "first,second");
            Lift first = CoremlLift.lift(source.model(), Optional.of("first"), "test");
            assertThat(((Lift.Lifted) first).model().metadata()).containsEntry("fairlead.coreml.function", "first");
            assertThatThrownBy(() -> CoremlLift.lift(source.model(), Optional.of("third"), "test"))
                    .isInstanceOfSatisfying(
                            ModelException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MISSING))
                    .hasMessage("model.mlmodel: functions: \"third\" is none of [first, second]");
        }
    }

    @Test
    void givesAClassifierALabelAndSaysWhatItsProbabilitiesStandFor() throws IOException, OrtException {
        try (CoremlPackage source = fixture("classifier")) {
            Model model = lifted(source);
            assertThat(model.graph().outputs()).hasSize(2);
            assertThat(model.graph().outputs().getFirst().type()).isInstanceOf(Type.Texts.class);
            Value probabilities = model.graph().outputs().getLast();
            assertThat(probabilities.dtype()).contains(DType.FLOAT32);
            assertThat(model.metadata())
                    .containsEntry("fairlead.coreml.labels." + probabilities.name(), "[\"a\",\"b\",\"c\"]")
                    .containsEntry("fairlead.coreml.image.x", "4x4 color space 20");
            OnnxWriter.write(model, folder);
            new OnnxRuntimeSession(folder.resolve(OnnxWriter.MODEL)).close();
        }
    }

    @Test
    void writesTheSameBytesAgain() throws IOException {
        for (String name : List.of("compressed", "counter", "flow")) {
            Path[] places = {Files.createTempDirectory(folder, "a"), Files.createTempDirectory(folder, "b")};
            for (Path place : places) {
                try (CoremlPackage source = fixture(name)) {
                    OnnxWriter.write(lifted(source), place);
                }
            }
            assertThat(places[0].resolve(OnnxWriter.MODEL)).hasSameBinaryContentAs(places[1].resolve(OnnxWriter.MODEL));
        }
    }

    @Test
    void namesEveryOperationThatStandsInTheWay() {
        MilVariable x = new MilVariable("x", MilType.tensor(DType.FLOAT32, List.of(2L)));
        MilBlock block = new MilBlock(
                List.of(),
                List.of("c"),
                List.of(
                        operation("random_normal", "x", "a"),
                        operation("relu", "a", "b"),
                        operation("custom_layer", "b", "c")));
        CoremlModel model = new CoremlModel(
                CoremlModel.IOS_15,
                Description.of(Description.Signature.NONE, Description.Metadata.NONE),
                new MilProgram(Map.of("main", new MilFunction(List.of(x), "CoreML5", block))));
        Lift lift = CoremlLift.lift(model, Optional.empty(), "test");
        assertThat(((Lift.Unsupported) lift).operations())
                .extracting(UnsupportedOperation::toString)
                .containsExactly(
                        "random_normal main.operations[0]: no rule converts it",
                        "custom_layer main.operations[2]: no rule converts it");
    }

    @Test
    void refusesNamesThatNothingMakes() {
        MilVariable x = new MilVariable("x", MilType.tensor(DType.FLOAT32, List.of(2L)));
        MilBlock block = new MilBlock(List.of(), List.of("a"), List.of(operation("relu", "nothing", "a")));
        CoremlModel model = new CoremlModel(
                CoremlModel.IOS_15,
                Description.of(Description.Signature.NONE, Description.Metadata.NONE),
                new MilProgram(Map.of("main", new MilFunction(List.of(x), "CoreML5", block))));
        assertThatThrownBy(() -> CoremlLift.lift(model, Optional.empty(), "test"))
                .hasMessage("model.mlmodel: main.operations[0].x: \"nothing\" is made by nothing before");
    }

    @Test
    void saysWhatEachNodeStandsFor() {
        try (CoremlPackage source = fixture("convolution")) {
            Lift.Lifted lift = (Lift.Lifted) CoremlLift.lift(source.model(), Optional.empty(), "test");
            assertThat(lift.model().graph().nodes()).extracting(Node::op).containsExactly("Conv", "Relu", "Reshape");
            assertThat(lift.provenance().values())
                    .extracting(value -> value.rule())
                    .containsExactly("conv", "relu", "reshape");
            assertThat(lift.provenance().weights()).hasSize(2);
        }
    }

    private static MilOperation operation(String type, String from, String to) {
        return new MilOperation(
                type,
                Map.of("x", List.of(new MilArgument.Name(from))),
                List.of(new MilVariable(to, MilType.tensor(DType.FLOAT32, List.of(2L)))),
                List.of(),
                Map.of());
    }

    private static Tensor half(double... values) {
        Tensor tensor = Tensor.allocate(DType.FLOAT16, List.of(1L, (long) values.length));
        for (int i = 0; i < values.length; i++) {
            tensor.set(i, values[i]);
        }
        return tensor;
    }

    private static double[] numbers(Map<String, Tensor> outputs, String name) {
        Tensor tensor = Objects.requireNonNull(outputs.get(name), name);
        double[] numbers = new double[(int) tensor.elements()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = tensor.doubleAt(i);
        }
        return numbers;
    }
}
