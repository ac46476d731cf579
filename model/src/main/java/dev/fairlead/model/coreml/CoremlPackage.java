package dev.fairlead.model.coreml;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.json.Json;
import dev.fairlead.model.tensor.Segments;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * An open Core ML model: an {@code .mlpackage} folder, or an {@code .mlmodel} file that has no weights beside it. Its
 * tensors are views of mapped files; closing ends them.
 *
 * @param arena owner of all mapped memory
 */
public record CoremlPackage(CoremlModel model, Arena arena) implements AutoCloseable {
    static final String MANIFEST = "Manifest.json";
    static final String DATA = "Data";
    static final String FORMAT_VERSION = "1.0.0";

    /**
     * Opens and reads a model.
     *
     * @throws ModelException naming file and field when the bytes are no valid model, when a path leads out of the
     *     package or over a link, when a weight is not what the program says of it, or when the model uses a part of
     *     Core ML that the records cannot represent (nothing is dropped silently)
     */
    @SuppressWarnings("MustBeClosedChecker") // the returned object owns the arena
    public static CoremlPackage open(Path path) {
        Arena arena = Arena.ofShared();
        try {
            Path whole = path.toAbsolutePath();
            Path file = Files.isDirectory(whole) ? root(whole) : whole;
            Path folder = file.getParent();
            WeightFiles weights = new WeightFiles(
                    Files.isDirectory(whole) && folder != null ? Optional.of(new Contained(folder)) : Optional.empty(),
                    arena);
            return new CoremlPackage(
                    new ModelReader(ModelException.name(file), Segments.map(file, arena), weights).read(), arena);
        } catch (RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    /** The package's model file. All entries of the manifest are checked, the others too. */
    private static Path root(Path folder) {
        Path file = folder.resolve(MANIFEST);
        if (Files.isSymbolicLink(file)) {
            throw new ModelException(ErrorCode.OUTSIDE_FOLDER, MANIFEST, "file", "is a link");
        }
        Json manifest = Json.read(file);
        Json version = manifest.field("fileFormatVersion");
        if (!version.text().equals(FORMAT_VERSION)) {
            throw version.error(
                    ErrorCode.UNSUPPORTED,
                    ModelException.shown(version.text()) + ", this reader knows " + FORMAT_VERSION,
                    null);
        }
        Path data = folder.resolve(DATA);
        if (Files.isSymbolicLink(data) || !Files.isDirectory(data, LinkOption.NOFOLLOW_LINKS)) {
            throw new ModelException(ErrorCode.MISSING, MANIFEST, "Data", "is no folder of the package");
        }
        Contained contained = new Contained(data);
        Json root = manifest.field("rootModelIdentifier");
        Json entries = manifest.field("itemInfoEntries");
        Optional<Path> model = Optional.empty();
        Set<String> paths = new HashSet<>();
        for (String id : entries.names()) {
            Json path = entries.field(id).field("path");
            if (!paths.add(path.text())) {
                throw path.error("is another entry's path, too");
            }
            Path found;
            try {
                found = contained.resolve(path.text(), (code, problem) -> path.error(code, problem, null));
            } catch (ModelException e) {
                // An empty folder of weights is lost by git and by many archives; a weight that should be in it says so
                // itself.
                if (e.code() == ErrorCode.MISSING && !id.equals(root.text())) {
                    continue;
                }
                throw e;
            }
            if (id.equals(root.text())) {
                if (!Files.isRegularFile(found, LinkOption.NOFOLLOW_LINKS)) {
                    throw path.error("is no regular file");
                }
                model = Optional.of(found);
            }
        }
        return model.orElseThrow(() -> root.error(ErrorCode.MISSING, "no entry has this identifier", null));
    }

    @Override
    public void close() {
        arena.close();
    }
}
