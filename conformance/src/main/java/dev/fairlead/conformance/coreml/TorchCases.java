package dev.fairlead.conformance.coreml;

import dev.fairlead.conformance.Tools;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Cases that a script of {@code conformance/python} writes with torch.
 *
 * @param target the folder that the cases go to
 * @param written folder of cases that are there already, in one folder a suite; absent to write them
 */
public record TorchCases(Tools torch, Path target, Optional<Path> written) {
    /** The folder of a suite's cases; {@code coreml-torch} is written by {@code coreml_torch.py}. */
    public Path folder(String suite) throws IOException {
        if (written.isPresent()) {
            return written.get().resolve(suite);
        }
        Path folder = target.resolve(suite);
        torch.script(suite.replace('-', '_'), folder.toString());
        return folder;
    }
}
