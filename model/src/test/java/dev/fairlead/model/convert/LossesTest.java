package dev.fairlead.model.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import ai.onnxruntime.OrtException;
import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.graph.UnsupportedOperation;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.lower.Loss;
import dev.fairlead.model.onnx.OnnxTypes;
import dev.fairlead.model.onnx.OnnxWriter;
import dev.fairlead.model.provenance.ProvenanceFile;
import dev.fairlead.model.provenance.WeightTransform;
import dev.fairlead.model.signature.ModelInfoFile;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Segments;
import dev.fairlead.model.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LossesTest {
    private static final List<Dim> SHAPE = List.of(new Dim.Fixed(2));

    @TempDir
    private Path folder;

    /** The float32 next to a tenth is 0.100000001490116, so off by 1.5e-8. */
    @Test
    void aWiderTypeIsRefusedUnlessALossIsAllowedAndThenSaysWhatItCost() throws OrtException {
        Tensor tenth = Tensor.scalar(DType.FLOAT64, 0.1);
        Path source = model(DType.FLOAT64, tenth);

        Conversion refused =
                Converter.convert(source, folder.resolve("no"), Settings.options(Map.of("target_format", "coreml")));
        Path coreml = folder.resolve("yes");
        Conversion lossy = Converter.convert(source, coreml, lossy("coreml"));

        assertThat(((Conversion.Unsupported) refused).operations())
                .extracting(UnsupportedOperation::toString)
                .anyMatch(text -> text.contains("float64"));
        assertThat(folder.resolve("no")).doesNotExist();
        assertThat(((Conversion.Converted) lossy).losses())
                .extracting(Loss::toString)
                .containsExactly(
                        "input x: float64 is taken as float32",
                        "weight tenth: float64 is stored as float32, off by a relative 1.5e-08 at most",
                        "Add sum: float64 is computed in float32, rounded to 24 bits instead of 53",
                        "Cast y: float64 is computed in float32, rounded to 24 bits instead of 53");
        assertThat(ModelInfoFile.read(coreml).signature().inputs().getFirst().dtype())
                .isEqualTo(DType.FLOAT32);
        assertThat(ProvenanceFile.read(coreml).weights()).anySatisfy(weight -> {
            assertThat(weight.source()).isEqualTo("tenth");
            assertThat(weight.sha256()).isEqualTo(Segments.sha256(tenth.data()));
            assertThat(weight.transforms()).contains(new WeightTransform.Computed("as float32"));
        });
        Path onnx = folder.resolve("onnx");
        Converter.convert(coreml, onnx, Options.defaults());
        try (OnnxRuntimeSession session = new OnnxRuntimeSession(onnx.resolve(OnnxWriter.MODEL))) {
            Tensor y = Objects.requireNonNull(session.run(Map.of("x", Tensor.ofFloats(List.of(2L), 1, -2)))
                    .get("y"));
            assertThat(y.doubleAt(0)).isCloseTo(1.1, offset(1e-6));
            assertThat(y.doubleAt(1)).isCloseTo(-1.9, offset(1e-6));
        }
    }

    @ParameterizedTest
    @CsvSource({"BFLOAT16, bfloat16 is taken as float32", "UINT32, 'uint32 is taken as int64, below 2^31'"})
    void otherTypesThatCoreMlLacksAreTakenInWiderOnes(DType dtype, String input) {
        Conversion lossy =
                Converter.convert(model(dtype, Tensor.scalar(dtype, 2)), folder.resolve("yes"), lossy("coreml"));

        assertThat(((Conversion.Converted) lossy).losses())
                .extracting(Loss::toString)
                .hasSize(3)
                .startsWith("input x: " + input);
    }

    @Test
    void whatIsExactLosesNothingWhereItWouldBeAllowed() {
        Path source = model(DType.FLOAT32, Tensor.scalar(DType.FLOAT32, 0.1));

        for (String format : List.of("coreml", "mlx", "onnx")) {
            Conversion exact = Converter.convert(source, folder.resolve(format), lossy(format));
            assertThat(((Conversion.Converted) exact).losses()).isEmpty();
        }
    }

    private static Options lossy(String format) {
        return Settings.options(Map.of("target_format", format, "allow_lossy", "true"));
    }

    /** {@code y = Cast(x + tenth)}, all of one type. */
    private Path model(DType dtype, Tensor tenth) {
        Graph graph = new Graph(
                "tenths",
                List.of(Value.of("x", dtype, SHAPE)),
                List.of(Value.of("y", dtype, SHAPE)),
                Map.of("tenth", tenth),
                List.of(
                        new Node(
                                "", "", "Add", List.of("x", "tenth"), List.of("sum"), new TreeMap<>(), new TreeMap<>()),
                        new Node(
                                "",
                                "",
                                "Cast",
                                List.of("sum"),
                                List.of("y"),
                                new TreeMap<>(Map.of(
                                        "to",
                                        new Attribute.Int(OnnxTypes.code(dtype).orElseThrow()))),
                                new TreeMap<>())),
                List.of());
        OnnxWriter.write(new Model(10, "", "", new TreeMap<>(Map.of("", 21L)), Map.of(), graph), folder);
        return folder.resolve(OnnxWriter.MODEL);
    }
}
