package dev.fairlead.model.lift.coreml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.ModelException;
import dev.fairlead.model.coreml.CoremlPackage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class CoremlLiftFuzzTest {
    private static final String MODEL = "Data/com.apple.CoreML/model.mlmodel";
    private static final List<Path> PACKAGES = Stream.of("convolution", "compressed", "counter", "flow", "ranged")
            .map(CoremlLiftFuzzTest::copied)
            .toList();
    private static final List<byte[]> VALID =
            PACKAGES.stream().map(CoremlLiftFuzzTest::bytes).toList();

    /** Whatever a file says of its operations, the answer is a graph, a list of refusals or a typed error. */
    @Property(tries = 400)
    void mutatedProgramsAreLiftedOrRefused(
            @ForAll @IntRange(max = 4) int which,
            @ForAll @Size(min = 1, max = 3) List<@IntRange(max = 20_000) Integer> places,
            @ForAll @Size(min = 3, max = 3) List<Byte> values)
            throws IOException {
        byte[] bytes = VALID.get(which).clone();
        for (int i = 0; i < places.size(); i++) {
            bytes[places.get(i) % bytes.length] = values.get(i);
        }
        Files.write(PACKAGES.get(which).resolve(MODEL), bytes);
        try (CoremlPackage source = CoremlPackage.open(PACKAGES.get(which))) {
            assertThat(CoremlLift.lift(source.model(), Optional.empty(), "test"))
                    .isNotNull();
        } catch (ModelException e) {
            assertThat(e).hasMessageStartingWith("model.mlmodel: ");
        }
    }

    private static Path copied(String name) {
        Path source = Path.of("src/test/resources/coreml", name + ".mlpackage");
        try {
            Path target = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "lift-fuzz");
            try (Stream<Path> files = Files.walk(source)) {
                for (Path file : files.toList()) {
                    Path copy = target.resolve(source.relativize(file));
                    if (Files.isDirectory(file)) {
                        Files.createDirectories(copy);
                    } else {
                        Files.copy(file, copy);
                    }
                }
            }
            return target;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] bytes(Path folder) {
        try {
            return Files.readAllBytes(folder.resolve(MODEL));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
