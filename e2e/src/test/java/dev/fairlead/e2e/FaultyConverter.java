package dev.fairlead.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import javax.tools.ToolProvider;

/**
 * The product's converter with a fault planted into its source: one class is changed, compiled, and put before the product's own on
 * an agent's class path. So the product needs no switch that breaks it.
 */
final class FaultyConverter {
    private static final String PLACE = "return source.tensor(constant.name());";
    private static final String FAULT = "return TenfoldEpsilon.plant(source.tensor(constant.name()), arena);";

    private FaultyConverter() {}

    /** Returns the folder of the changed classes. */
    static Path compile(Path folder) {
        try {
            var product = Files.readString(
                    Cluster.ROOT.resolve("model/src/main/java/dev/fairlead/model/lift/mlx/Weights.java"));
            if (product.split(java.util.regex.Pattern.quote(PLACE), -1).length != 2) {
                throw new AssertionError(
                        "the converter no longer reads constants in one place: plant the fault elsewhere");
            }
            var classes = Files.createDirectories(folder.resolve("faulty-classes"));
            var weights = Files.writeString(
                    Files.createDirectories(folder.resolve("faulty")).resolve("Weights.java"),
                    product.replace(PLACE, FAULT));
            var fault = Files.writeString(folder.resolve("faulty/TenfoldEpsilon.java"), resource());
            var status = ToolProvider.getSystemJavaCompiler()
                    .run(
                            null,
                            null,
                            null,
                            "-cp",
                            System.getProperty("java.class.path"),
                            "-d",
                            classes.toString(),
                            weights.toString(),
                            fault.toString());
            if (status != 0) {
                throw new AssertionError("the faulty converter does not compile");
            }
            return classes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String resource() throws IOException {
        var name = "/faulty/TenfoldEpsilon.java";
        try (var stream = Objects.requireNonNull(FaultyConverter.class.getResourceAsStream(name), name)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
