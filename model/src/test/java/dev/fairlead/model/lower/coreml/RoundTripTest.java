package dev.fairlead.model.lower.coreml;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import dev.fairlead.model.convert.OnnxRuntimeSession;
import dev.fairlead.model.coreml.CoremlModel;
import dev.fairlead.model.coreml.CoremlPackage;
import dev.fairlead.model.coreml.CoremlPackageWriter;
import dev.fairlead.model.coreml.Description;
import dev.fairlead.model.coreml.Feature;
import dev.fairlead.model.coreml.FeatureType;
import dev.fairlead.model.coreml.FeatureType.DefaultValue;
import dev.fairlead.model.coreml.FeatureType.Flexibility;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.lift.Lift;
import dev.fairlead.model.lift.coreml.CoremlLift;
import dev.fairlead.model.onnx.OnnxWriter;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What coremltools wrote, read, lowered and written again. */
class RoundTripTest {
    private static final Path PACKAGES = Path.of("src/test/resources/coreml");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"counter", "ranged", "convolution"})
    void keepsInputsStatesAndTheirShapes(String name) {
        try (CoremlPackage source = CoremlPackage.open(PACKAGES.resolve(name + ".mlpackage"))) {
            Description before = source.model().description();
            Description after = lowered(lifted(source)).model().description();

            assertThat(after.main().inputs()).isEqualTo(before.main().inputs());
            assertThat(after.main().states()).isEqualTo(before.main().states());
            assertThat(after.main().outputs())
                    .extracting(Feature::name)
                    .isEqualTo(
                            before.main().outputs().stream().map(Feature::name).toList());
            assertThat(after.metadata().userDefined())
                    .containsAllEntriesOf(before.metadata().userDefined());
        }
    }

    /** Each call adds x to what is kept, and gives twice the sum. */
    @Test
    void aStateIsReadBeforeAndWrittenAfter() throws OrtException {
        Path path = folder.resolve("counter.mlpackage");
        try (CoremlPackage source = CoremlPackage.open(PACKAGES.resolve("counter.mlpackage"))) {
            CoremlPackageWriter.write(lowered(lifted(source)).model(), path);
        }
        try (CoremlPackage back = CoremlPackage.open(path)) {
            Model model = lifted(back);
            assertThat(model.metadata()).containsEntry("fairlead.state.kept", "kept_next");
            OnnxWriter.write(model, folder);
        }
        try (OnnxRuntimeSession session = new OnnxRuntimeSession(folder.resolve(OnnxWriter.MODEL))) {
            Map<String, Tensor> results = session.run(Map.of("x", half(1, 2, 3, 4), "kept", half(10, 20, 30, 40)));
            assertThat(numbers(results, "kept_next")).containsExactly(11, 22, 33, 44);
            assertThat(numbers(results, "doubled")).containsExactly(22, 44, 66, 88);
        }
    }

    @Test
    void keepsEnumeratedShapesDefaultsAndWords() {
        Description before;
        Description after;
        try (CoremlPackage source = CoremlPackage.open(PACKAGES.resolve("ranged.mlpackage"))) {
            Feature first = source.model().description().main().inputs().getFirst();
            FeatureType.MultiArray array = (FeatureType.MultiArray) first.type();
            List<Long> usual = List.of(1L, 3L, 8L, 4L);
            Flexibility shapes = new Flexibility.Enumerated(List.of(usual, List.of(1L, 3L, 4L, 4L)));
            Feature input = new Feature(
                    first.name(),
                    "what it takes",
                    new FeatureType.MultiArray(
                            array.element(), usual, shapes, Optional.of(new DefaultValue.Real(0.5f))),
                    Feature.Presence.OPTIONAL);
            before = Description.of(
                    new Description.Signature(
                            List.of(input), source.model().description().main().outputs(), List.of()),
                    new Description.Metadata("a net", "7", "somebody", "CC0-1.0", Map.of("team", "blue")));
            Model model = ((Lift.Lifted) CoremlLift.lift(
                            new CoremlModel(
                                    source.model().specificationVersion(),
                                    before,
                                    source.model().program()),
                            Optional.empty(),
                            "test"))
                    .model();
            after = lowered(model).model().description();
        }
        assertThat(after.main().inputs()).isEqualTo(before.main().inputs());
        assertThat(after.metadata().description()).isEqualTo("a net");
        assertThat(after.metadata().version()).isEqualTo("7");
        assertThat(after.metadata().author()).isEqualTo("somebody");
        assertThat(after.metadata().license()).isEqualTo("CC0-1.0");
        assertThat(after.metadata().userDefined()).containsEntry("team", "blue");
        assertThat(after.metadata().userDefined().keySet()).noneMatch(key -> key.contains(".user."));
    }

    private static Model lifted(CoremlPackage source) {
        return ((Lift.Lifted) CoremlLift.lift(source.model(), Optional.empty(), "test")).model();
    }

    private static Lowered.Program lowered(Model model) {
        return (Lowered.Program) CoremlLowering.lower(model, Options.defaults());
    }

    private static Tensor half(double... values) {
        Tensor tensor = Tensor.allocate(DType.FLOAT16, List.of(1L, (long) values.length));
        for (int i = 0; i < values.length; i++) {
            tensor.set(i, values[i]);
        }
        return tensor;
    }

    private static double[] numbers(Map<String, Tensor> results, String name) {
        Tensor tensor = Objects.requireNonNull(results.get(name));
        double[] numbers = new double[Math.toIntExact(tensor.elements())];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = tensor.doubleAt(i);
        }
        return numbers;
    }
}
