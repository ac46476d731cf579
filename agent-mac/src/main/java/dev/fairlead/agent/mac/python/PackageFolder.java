package dev.fairlead.agent.mac.python;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where the package fairlead lies. */
public final class PackageFolder {
    private PackageFolder() {}

    /** {@code -Dfairlead.python}, else below {@code -Dfairlead.root}, else beside the folder of this jar. */
    public static Path find() {
        String named = System.getProperty("fairlead.python");
        if (named != null) {
            return Path.of(named).toAbsolutePath();
        }
        String root = System.getProperty("fairlead.root");
        if (root != null) {
            return Path.of(root, "agent-mac", "python").toAbsolutePath();
        }
        return besideJar().orElse(Path.of("agent-mac", "python").toAbsolutePath());
    }

    private static Optional<Path> besideJar() {
        try {
            Path jar = Path.of(PackageFolder.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            Path module = jar.resolve("../../python").normalize();
            return Files.isDirectory(module) ? Optional.of(module) : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }
}
