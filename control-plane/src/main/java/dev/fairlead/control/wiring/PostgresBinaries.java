package dev.fairlead.control.wiring;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** The PostgreSQL programs that come with the service, unpacked once per user and version. */
final class PostgresBinaries {
    /** The major version whose data folders these programs read. */
    static final String MAJOR = "18";

    private static final String VERSION = "18.4.0";

    private PostgresBinaries() {}

    /** The folder holding {@code bin/postgres}; unpacks below {@code cache} on first use. */
    static Path unpacked(Path cache) {
        Path folder = cache.resolve("postgresql-" + VERSION);
        if (Files.isDirectory(folder)) {
            return folder;
        }
        try {
            Files.createDirectories(cache);
            Path partial = Files.createTempDirectory(cache, "unpacking-");
            try {
                unpack(partial);
                Files.move(partial, folder, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                delete(partial);
                // Another process may have been first: a folder is only ever there whole.
                if (!Files.isDirectory(folder)) {
                    throw e;
                }
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unpack PostgreSQL " + VERSION + " below " + cache, e);
        }
    }

    private static void unpack(Path folder) throws IOException {
        String resource = resource();
        try (InputStream packed = PostgresBinaries.class.getResourceAsStream("/" + resource)) {
            if (packed == null) {
                throw new IOException(
                        "no PostgreSQL for this machine (" + resource + "); set fairlead.database.url to use another");
            }
            TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(packed)));
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path target = folder.resolve(entry.getName()).normalize();
                if (!target.startsWith(folder)) {
                    throw new IOException(resource + " has an entry outside its folder: " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                    continue;
                }
                Files.createDirectories(target.getParent());
                if (entry.isSymbolicLink()) {
                    Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
                } else {
                    Files.copy(tar, target);
                    String mode = (entry.getMode() & 0100) == 0 ? "rw-r--r--" : "rwxr-xr-x";
                    Files.setPosixFilePermissions(target, PosixFilePermissions.fromString(mode));
                }
            }
        }
    }

    private static String resource() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac") ? "darwin" : "linux";
        String arch = switch (System.getProperty("os.arch")) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64", "arm64" -> "arm_64";
            default -> System.getProperty("os.arch");
        };
        return "postgres-" + os + "-" + arch + ".txz";
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(file);
            }
        }
    }
}
