package dev.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fairlead.model.safetensors.SafetensorsWriter;
import dev.fairlead.model.signature.ModelInfoFile;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConvertTest {
    private static final Path MODELS = Path.of("../model/src/test/resources");
    private static final String CNN = MODELS.resolve("conversion/cnn").toString();

    @TempDir
    Path folder;

    private final Cli cli = new Cli();

    @Test
    void convertsToEveryFormatAndBack() {
        String onnx = folder.resolve("onnx").toString();
        String coreml = folder.resolve("coreml").toString();
        String mlx = folder.resolve("mlx").toString();

        assertThat(cli.run("model", "convert", CNN, onnx)).isZero();
        assertThat(cli.run(
                        "model",
                        "convert",
                        onnx,
                        coreml,
                        "--to",
                        "coreml",
                        "--target",
                        "ios18",
                        "--precision",
                        "fp16",
                        "--precision-of",
                        "Gemm=fp32",
                        "--range",
                        "batch=1,8,64"))
                .isZero();
        assertThat(cli.run("model", "convert", coreml, mlx, "--to", "mlx")).isZero();

        assertThat(folder.resolve("onnx/model.onnx")).exists();
        assertThat(folder.resolve("coreml/model.mlpackage/Manifest.json")).exists();
        assertThat(folder.resolve("mlx/graph.json")).exists();
        assertThat(folder.resolve("mlx/provenance.json")).exists();
        assertThat(cli.out()).contains("nodes, ").contains(" in " + mlx);
        assertThat(cli.err()).isEmpty();
    }

    @Test
    void answersInJson() throws IOException {
        assertThat(cli.run("model", "convert", CNN, folder.resolve("onnx").toString(), "--opset", "17", "-o", "json"))
                .isZero();
        JsonNode answer = new ObjectMapper().readTree(cli.out());
        assertThat(answer.path("nodes").asInt()).isGreaterThan(5);
        assertThat(answer.path("weight_bytes").asLong()).isPositive();
        assertThat(answer.path("notes").isArray()).isTrue();
    }

    @Test
    void makesAPackageOfTheSizesGiven() {
        String target = folder.resolve("cnn.mlpackage").toString();
        assertThat(cli.run("model", "convert", CNN, target, "--size", "batch=4", "--allow-lossy"))
                .isZero();
        assertThat(folder.resolve("cnn.mlpackage/Manifest.json")).exists();
        assertThat(folder.resolve("cnn.mlpackage/model.json")).content().contains("coreml");
        assertThat(cli.run("model", "convert", target, folder.resolve("onnx").toString()))
                .isZero();
    }

    @Test
    void takesAnInputFromAFile() {
        String target = folder.resolve("target").toString();
        String cases = MODELS.resolve("conversion/cnn/cases.safetensors").toString();
        assertThat(cli.run("model", "convert", CNN, target, "--specialise", "image=@" + cases))
                .isNotZero();
        assertThat(cli.err()).contains("cases.safetensors: \"image\": the file has no such tensor");

        SafetensorsWriter.write(
                folder.resolve("given.safetensors"),
                Map.of("image", Tensor.allocate(DType.FLOAT32, List.of(2L, 8L, 8L, 1L))),
                Map.of());
        String given = folder.resolve("given.safetensors").toString();
        assertThat(cli.run("model", "convert", CNN, target, "--specialise", "image=@" + given))
                .isZero();
        assertThat(ModelInfoFile.read(folder.resolve("target")).signature().inputs())
                .isEmpty();
    }

    @Test
    void namesTheOptionThatIsWrong() {
        String target = folder.resolve("target").toString();
        assertThat(cli.run("model", "convert", CNN, target, "--to", "tflite")).isEqualTo(2);
        assertThat(cli.err()).contains("target_format: want onnx, mlx or coreml, got 'tflite'");
        assertThat(cli.run("model", "convert", CNN, target, "--specialise", "x=[1,"))
                .isEqualTo(2);
        assertThat(cli.err()).contains("--specialise x: '[1,' is no number");
    }

    @Test
    void leavesNothingWhereTheSourceIsNoGraph() throws IOException {
        String target = folder.resolve("target").toString();
        assertThat(cli.run("model", "convert", MODELS.resolve("gguf/types.gguf").toString(), target))
                .isNotZero();
        assertThat(cli.err()).contains("types.gguf: file: holds no graph that is known here");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void saysWhichFormatsCanTakeAModelAndWhyNot() throws IOException {
        String flow = MODELS.resolve("coreml/ranged.mlpackage").toString();
        assertThat(cli.run("model", "inspect", flow)).isZero();
        assertThat(cli.out())
                .contains("format       coreml")
                .containsPattern("TARGET +CONVERTS")
                .containsPattern("onnx +yes");

        var json = new Cli();
        assertThat(json.run(
                        "model",
                        "inspect",
                        MODELS.resolve("onnx/functions.onnx").toString(),
                        "-o",
                        "json"))
                .isZero();
        JsonNode targets = new ObjectMapper().readTree(json.out()).path("targets");
        assertThat(targets).hasSize(3);
        targets.forEach(target -> assertThat(target.path("reasons").isEmpty())
                .isEqualTo(target.path("converts").asBoolean()));
    }

    @Test
    void measuresAModelOfAnyFormat() throws IOException {
        assertThat(cli.run("model", "fit", CNN, "--size", "batch=2", "-o", "json"))
                .isZero();
        JsonNode fit = new ObjectMapper().readTree(cli.out());
        assertThat(fit.path("weight_bytes").asLong()).isGreaterThan(4 * 10 * 128);
        assertThat(fit.path("activation_bytes").asLong()).isGreaterThan(2 * 4 * 8 * 8 * 8);

        var tensors = new Cli();
        assertThat(tensors.run("model", "fit", MODELS.resolve("gguf/types.gguf").toString()))
                .isZero();
        assertThat(tensors.out()).contains("has no graph");
    }
}
