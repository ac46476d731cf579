package dev.fairlead.model.lower.coreml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import ai.onnxruntime.OrtException;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.convert.OnnxRuntimeSession;
import dev.fairlead.model.coreml.CoremlModel;
import dev.fairlead.model.coreml.CoremlPackage;
import dev.fairlead.model.coreml.CoremlPackageWriter;
import dev.fairlead.model.coreml.FeatureType;
import dev.fairlead.model.coreml.MilOperation;
import dev.fairlead.model.coreml.MilType;
import dev.fairlead.model.coreml.MilValue;
import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.lift.Lift;
import dev.fairlead.model.lift.coreml.CoremlLift;
import dev.fairlead.model.onnx.OnnxWriter;
import dev.fairlead.model.provenance.Relation;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CoremlLoweringTest {
    @TempDir
    private Path folder;

    private static final Map<String, Attribute> AXIS_ONE = Map.of("axis", new Attribute.Int(1));

    @Test
    void keepsFeaturesUnderTheirNamesAndStatesWhatTheyAreInOnnx() {
        Lowered.Program program = program(new Built()
                .input("tokens/ids", DType.INT64, "2", "3")
                .output("same", DType.BOOL, "2", "3")
                .weight("two", Tensor.scalar(DType.INT64, 2L))
                .node("Equal", "tokens/ids,two", "same")
                .model());

        var description = program.model().description();
        assertThat(description.main().inputs().getFirst().name()).isEqualTo("tokens_ids");
        assertThat(description.main().outputs().getFirst().name()).isEqualTo("same");
        assertThat(description.metadata().userDefined())
                .containsEntry("fairlead.carried.input.tokens_ids.name", "tokens/ids")
                .containsEntry("fairlead.carried.input.tokens_ids.dtype", "int64")
                .containsEntry("fairlead.carried.output.same.dtype", "bool")
                .containsEntry("author", "someone");
        assertThat(program.notes())
                .containsExactly(
                        "input tokens/ids: int64 is carried as int32", "output same: bool is carried as int32");
    }

    @Test
    void refusesAllThatItCannotSayAtOnce() {
        Lowered lowered = CoremlLowering.lower(
                new Built()
                        .input("x", DType.FLOAT32, "4")
                        .input("d", DType.FLOAT64, "4")
                        .output("a", DType.FLOAT32, "4")
                        .output("b", DType.FLOAT32, "4")
                        .output("c", DType.FLOAT64, "4")
                        .node("Unheard", "x", "a")
                        .node("Unique", "x", "b")
                        .node("Abs", "d", "c")
                        .model(),
                Options.defaults());

        assertThat(((Lowered.Refused) lowered).refusals())
                .extracting(Lowered.Refusal::toString)
                .containsExactly(
                        "input d: float64: MIL computes in float32 at most",
                        "Unheard a: no rule lowers it",
                        "Unique b: no rule lowers it");
    }

    @Test
    void namesTheInputsThatHaveToBeConstantsAndTakesThem() {
        Model model = new Built()
                .input("x", DType.FLOAT32, "2", "3")
                .input("axes", DType.INT64, "1")
                .output("y", DType.FLOAT32, "2", "1")
                .node("ReduceSum", "x,axes", "y")
                .model();

        Lowered.Refused refused = (Lowered.Refused) CoremlLowering.lower(model, Options.defaults());
        Lowered lowered = CoremlLowering.lower(
                model, Options.defaults().withSpecialised(Map.of("axes", Tensor.ofLongs(List.of(1L), 1))));

        assertThat(refused.constants()).containsExactly("axes");
        assertThat(lowered).isInstanceOf(Lowered.Program.class);
    }

    @Test
    void refusesConstantsThatTheirCarrierCannotHold() {
        Lowered lowered = CoremlLowering.lower(
                new Built()
                        .input("x", DType.INT64, "2")
                        .output("y", DType.INT64, "2")
                        .weight("large", Tensor.scalar(DType.INT64, 1L << 40))
                        .node("Add", "x,large", "y")
                        .model(),
                Options.defaults());

        assertThat(((Lowered.Refused) lowered).refusals().getFirst().reason())
                .isEqualTo("the constant 1099511627776 does not fit the int32 that carries int64");
    }

    @Test
    void writesTheLowestOperatorSetAndRefusesAnOlderTarget() {
        Model plain = new Built()
                .input("x", DType.FLOAT32, "2")
                .output("y", DType.FLOAT32, "2")
                .node("Relu", "x", "y")
                .model();
        Model half = new Built()
                .input("x", DType.FLOAT16, "2")
                .output("y", DType.FLOAT16, "2")
                .node("Relu", "x", "y")
                .model();

        assertThat(program(plain).model().specificationVersion()).isEqualTo(CoremlModel.IOS_15);
        assertThat(program(half).model().specificationVersion()).isEqualTo(CoremlModel.IOS_16);
        Lowered lowered = CoremlLowering.lower(half, Options.defaults().withTarget(CoremlModel.IOS_15));
        assertThat(((Lowered.Refused) lowered).refusals().getFirst().reason())
                .isEqualTo("a feature of float16 needs iOS 16, the target is iOS 15");
    }

    @Test
    void keepsTheBytesOfQuantisedWeights() {
        Tensor weight = Tensor.allocate(DType.INT8, List.of(4L, 8L));
        for (int i = 0; i < 32; i++) {
            weight.set(i, (long) i * 7 - 100);
        }
        Lowered.Program program = program(new Built()
                .input("x", DType.FLOAT32, "3", "4")
                .output("y", DType.FLOAT32, "3", "8")
                .weight("w", weight)
                .weight("s", Tensor.ofFloats(List.of(8L), 1, 2, 3, 4, 5, 6, 7, 8))
                .node("DequantizeLinear", "w,s", "d", AXIS_ONE)
                .node("MatMul", "x,d", "y")
                .model());

        MilOperation operation = operation(program, "constexpr_affine_dequantize");
        assertThat(operation.attributes().get("quantized_data")).isEqualTo(new MilValue.Stored(weight));
        assertThat(program.provenance().weights().getFirst().source()).isEqualTo("w");
    }

    @Test
    void givesTheSameBytesForTheSameModel() throws Exception {
        Model model = attention();

        for (String name : List.of("a", "b")) {
            CoremlPackageWriter.write(program(model).model(), folder.resolve(name));
        }

        String file = "Data/com.apple.CoreML/model.mlmodel";
        assertThat(Files.mismatch(
                        folder.resolve("a").resolve(file), folder.resolve("b").resolve(file)))
                .isEqualTo(-1);
    }

    /** The first four of as many as there are, of which an inner reshape leaves no size known. */
    @Test
    void aSliceOfAnUnknownSizeIsTaken() throws OrtException {
        Lowered.Program program = program(new Built()
                .input("x", DType.FLOAT32, "n", "8")
                .input("like", DType.FLOAT32, "n", "8")
                .output("y", DType.FLOAT32, "n", "4")
                .node("Shape", "like", "shape")
                .node("Reshape", "x,shape", "same")
                .weight("from", Tensor.ofLongs(List.of(1L), 0))
                .weight("to", Tensor.ofLongs(List.of(1L), 4))
                .weight("along", Tensor.ofLongs(List.of(1L), 1))
                .node("Slice", "same,from,to,along", "y")
                .model());
        Path made = folder.resolve("sliced.mlpackage");
        CoremlPackageWriter.write(program.model(), made);
        try (CoremlPackage back = CoremlPackage.open(made)) {
            OnnxWriter.write(((Lift.Lifted) CoremlLift.lift(back.model(), Optional.empty(), "test")).model(), folder);
        }
        try (OnnxRuntimeSession session = new OnnxRuntimeSession(folder.resolve(OnnxWriter.MODEL))) {
            Tensor x = Tensor.ofFloats(List.of(1L, 8L), 1, 2, 3, 4, 5, 6, 7, 8);
            Tensor y = Objects.requireNonNull(
                    session.run(Map.of("x", x, "like", x)).get("y"));
            assertThat(y.shape()).containsExactly(1L, 4L);
        }
    }

    @Test
    void rangesSymbolicSizes() {
        Lowered.Program program = program(new Built()
                .input("x", DType.FLOAT32, "n", "4")
                .output("y", DType.FLOAT32, "n", "4")
                .node("Softmax", "x", "y")
                .model());

        var type = (FeatureType.MultiArray)
                program.model().description().main().inputs().getFirst().type();
        assertThat(type.flexibility())
                .isEqualTo(new FeatureType.Flexibility.Ranges(
                        List.of(new FeatureType.SizeRange(1, 2048), new FeatureType.SizeRange(4, 4))));
    }

    @Test
    void computesInFloat16WhereThatIsAskedForAndCanBeOverridden() {
        Model model = attention();
        Options half = Options.defaults().withPrecision(Precision.FLOAT16);
        Options softmaxWide =
                new Options(half.target(), Precision.FLOAT16, Map.of("Softmax", Precision.FLOAT32), Map.of(), Map.of());

        assertThat(element(model, half, "softmax")).isEqualTo("FLOAT16");
        assertThat(element(model, softmaxWide, "softmax")).isEqualTo("FLOAT32");
        assertThat(element(model, softmaxWide, "matmul")).isEqualTo("FLOAT16");
    }

    @Test
    void saysOfEachValueWhereItComesFrom() {
        Lowered.Program program = program(attention());

        assertThat(program.provenance().values())
                .filteredOn(value -> value.value().equals("y"))
                .singleElement()
                .satisfies(value -> {
                    assertThat(value.sources()).containsExactly("y");
                    assertThat(value.rule()).isEqualTo("Softmax");
                    assertThat(value.relation()).isEqualTo(Relation.IDENTITY);
                });
    }

    @Test
    void refusesAGraphThatContradictsItself() {
        Model model = new Built()
                .input("x", DType.FLOAT32, "2", "3")
                .output("y", DType.FLOAT32, "2", "3")
                .node("Softmax", "x", "y", Map.of("axis", new Attribute.Int(7)))
                .model();

        assertThatThrownBy(() -> CoremlLowering.lower(model, Options.defaults()))
                .isInstanceOf(ModelException.class)
                .hasMessage("graph: Softmax \"y\": axis 7 of an operand of rank 2");
    }

    @Test
    void comesBackToOnnxWithTheSameAnswers() throws Exception {
        Model model = attention();
        Path first = Files.createDirectories(folder.resolve("first"));
        OnnxWriter.write(model, first);
        CoremlPackageWriter.write(program(model).model(), folder.resolve("m.mlpackage"));
        Path second = Files.createDirectories(folder.resolve("second"));
        try (CoremlPackage opened = CoremlPackage.open(folder.resolve("m.mlpackage"))) {
            OnnxWriter.write(((Lift.Lifted) CoremlLift.lift(opened.model(), Optional.empty(), "0")).model(), second);
        }
        Map<String, Tensor> inputs = Map.of("x", Tensor.ofFloats(List.of(2L, 3L), 1, -2, 3, 0.5f, -0.25f, 4));

        try (OnnxRuntimeSession before = new OnnxRuntimeSession(first.resolve(OnnxWriter.MODEL));
                OnnxRuntimeSession after = new OnnxRuntimeSession(second.resolve(OnnxWriter.MODEL))) {
            Tensor expected = Objects.requireNonNull(before.run(inputs).get("y"));
            Tensor found = Objects.requireNonNull(after.run(inputs).get("y"));
            for (int i = 0; i < expected.elements(); i++) {
                assertThat(found.doubleAt(i)).isEqualTo(expected.doubleAt(i), offset(1e-6));
            }
        }
    }

    /** Heads of a sequence of any length, as attention splits them. */
    @Test
    void keepsSizesThatAreNotFixedWhereTheRankChanges() throws Exception {
        Lowered.Program program = program(new Built()
                .input("x", DType.FLOAT32, "batch", "length", "4")
                .output("y", DType.FLOAT32, "batch", "length", "2", "2")
                .weight("heads", Tensor.ofLongs(List.of(4L), 0, 0, 2, 2))
                .node("Reshape", "x,heads", "y")
                .model());
        CoremlPackageWriter.write(program.model(), folder.resolve("m.mlpackage"));
        try (CoremlPackage back = CoremlPackage.open(folder.resolve("m.mlpackage"))) {
            OnnxWriter.write(((Lift.Lifted) CoremlLift.lift(back.model(), Optional.empty(), "0")).model(), folder);
        }
        try (OnnxRuntimeSession session = new OnnxRuntimeSession(folder.resolve(OnnxWriter.MODEL))) {
            Tensor x = Tensor.allocate(DType.FLOAT32, List.of(3L, 5L, 4L));
            x.set(59, 7.0);
            Tensor y = Objects.requireNonNull(session.run(Map.of("x", x)).get("y"));
            assertThat(y.shape()).containsExactly(3L, 5L, 2L, 2L);
            assertThat(y.doubleAt(59)).isEqualTo(7);
        }
    }

    private static Model attention() {
        return new Built()
                .input("x", DType.FLOAT32, "2", "3")
                .output("y", DType.FLOAT32, "2", "2")
                .weight("w", Tensor.ofFloats(List.of(3L, 2L), 1, 2, 3, 4, 5, 6))
                .node("MatMul", "x,w", "h")
                .node("Gelu", "h", "g", Map.of("approximate", new Attribute.Text("tanh")))
                .node("Softmax", "g", "y", Map.of("axis", new Attribute.Int(-1)))
                .model();
    }

    private static Lowered.Program program(Model model) {
        return (Lowered.Program) CoremlLowering.lower(model, Options.defaults());
    }

    private static MilOperation operation(Lowered.Program program, String type) {
        return Objects.requireNonNull(program.model().program().functions().get(CoremlModel.MAIN))
                .block()
                .orElseThrow()
                .operations()
                .stream()
                .filter(operation -> operation.type().equals(type))
                .findFirst()
                .orElseThrow();
    }

    private static String element(Model model, Options options, String type) {
        Lowered.Program program = (Lowered.Program) CoremlLowering.lower(model, options);
        return operation(program, type).outputs().getFirst().type() instanceof MilType.OfTensor tensor
                ? tensor.element().name()
                : "";
    }
}
