package dev.fairlead.control.wiring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * The folder of one control plane: database, blobs, secrets.
 *
 * @param folder absolute
 */
public record Home(Path folder) {
    public Home {
        folder = folder.toAbsolutePath().normalize();
    }

    /** System property {@code fairlead.home}, else {@code FAIRLEAD_HOME}, else {@code ~/.fairlead}. */
    static Home configured() {
        String set = setting("fairlead.home", "FAIRLEAD_HOME");
        return new Home(set == null ? Path.of(System.getProperty("user.home"), ".fairlead") : Path.of(set));
    }

    static @Nullable String setting(String property, String variable) {
        String value = System.getProperty(property, System.getenv(variable));
        return value == null || value.isBlank() ? null : value;
    }

    /** Makes the folder, for its owner only. */
    void create() {
        try {
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(
                        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("fairlead.home: cannot create " + folder, e);
        }
    }

    Path blobs() {
        return folder.resolve("blobs");
    }

    Path adminToken() {
        return folder.resolve("admin.token");
    }

    Path endpoint() {
        return folder.resolve("endpoint.json");
    }

    /** A process that was killed leaves its file: nobody may take it for this one's. */
    void forgetEndpoint() {
        try {
            Files.deleteIfExists(endpoint());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + endpoint(), e);
        }
    }

    Path postgresJson() {
        return folder.resolve("postgres.json");
    }
}
