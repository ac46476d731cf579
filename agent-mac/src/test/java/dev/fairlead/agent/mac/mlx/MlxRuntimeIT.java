package dev.fairlead.agent.mac.mlx;

import dev.fairlead.agent.runtime.ModelRuntime;
import dev.fairlead.agent.runtime.RuntimeContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** MLX in its Python child, on models that the package fairlead exports. */
class MlxRuntimeIT extends RuntimeContract {
    @TempDir
    private static Path exported = Path.of("made by JUnit");

    private static MlxRuntime mlx = new MlxRuntime(exported, exported);

    @BeforeAll
    static void export() throws Exception {
        var python = TestPython.open();
        mlx = python.runtime();
        python.run("""
                import fairlead, mlx.core as mx

                def chain(x):
                    for _ in range(%d):
                        x = x @ x
                    return x

                fairlead.export(lambda x: x @ x, {"x": mx.zeros((2, 2))}, "%s/square", outputs=["y"])
                fairlead.export(chain, {"x": mx.zeros((2, 2))}, "%s/chain", dims={"x": ["n", "n"]}, outputs=["y"])
                """.formatted(CHAIN, exported, exported));
    }

    @Override
    protected void write(Path model) throws IOException {
        copy("square", model);
    }

    @Override
    protected void writeChain(Path model) throws IOException {
        copy("chain", model);
    }

    private static void copy(String name, Path model) throws IOException {
        try (var files = Files.list(exported.resolve(name))) {
            for (Path file : files.toList()) {
                Files.copy(file, model.resolve(file.getFileName()));
            }
        }
    }

    @Override
    protected ModelRuntime runtime() {
        return mlx;
    }

    @Override
    protected String tap() {
        return "v0";
    }
}
