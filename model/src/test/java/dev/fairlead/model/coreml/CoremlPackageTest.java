package dev.fairlead.model.coreml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The fixtures are what coremltools wrote for {@code src/test/python/coreml_fixtures.py}. */
class CoremlPackageTest {
    private static final Path FIXTURES = Path.of("src/test/resources/coreml");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"convolution", "compressed", "counter", "flow", "ranged", "classifier", "functions"})
    void writesTheBytesThatItRead(String name) throws IOException {
        Path source = FIXTURES.resolve(name + ".mlpackage");
        Path target = folder.resolve("out.mlpackage");
        try (CoremlPackage read = CoremlPackage.open(source)) {
            CoremlPackageWriter.write(read.model(), target);
        }
        String model = "Data/com.apple.CoreML/model.mlmodel";
        String weights = "Data/com.apple.CoreML/weights/weight.bin";
        if (name.equals("compressed")) {
            // A constexpr's parameters stand in the program in another order than their weights in the file.
            try (CoremlPackage again = CoremlPackage.open(target);
                    CoremlPackage read = CoremlPackage.open(source)) {
                assertThat(constants(again)).hasSize(24).containsExactlyElementsOf(constants(read));
            }
        } else {
            assertThat(target.resolve(model)).hasSameBinaryContentAs(source.resolve(model));
            if (Files.exists(source.resolve(weights))) {
                assertThat(target.resolve(weights)).hasSameBinaryContentAs(source.resolve(weights));
            }
        }
    }

    /** All literal arguments as numbers. */
    private static List<List<Double>> constants(CoremlPackage read) {
        MilFunction main =
                Objects.requireNonNull(read.model().program().functions().get("main"));
        return main.block().orElseThrow().operations().stream()
                .flatMap(operation -> operation.inputs().entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .flatMap(entry -> entry.getValue().stream()))
                .filter(MilArgument.Literal.class::isInstance)
                .map(argument -> numbers(((MilArgument.Literal) argument).value()))
                .toList();
    }

    private static List<Double> numbers(MilValue value) {
        Tensor tensor = tensor(value);
        return LongStream.range(0, tensor.elements()).mapToObj(tensor::doubleAt).toList();
    }

    private static Tensor tensor(MilValue value) {
        return switch (value) {
            case MilValue.Immediate(Tensor tensor) -> tensor;
            case MilValue.Stored(Tensor tensor, String file) -> tensor;
            case MilValue.Texts t -> throw new IllegalArgumentException();
            case MilValue.OfList l -> throw new IllegalArgumentException();
            case MilValue.OfTuple t -> throw new IllegalArgumentException();
            case MilValue.OfDictionary d -> throw new IllegalArgumentException();
        };
    }
}
