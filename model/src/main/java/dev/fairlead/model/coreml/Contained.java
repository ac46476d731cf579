package dev.fairlead.model.coreml;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.function.BiFunction;

/** A folder in which paths from a file are looked up, and outside of which none of them leads. */
record Contained(Path folder) {
    /**
     * The file or folder that a path means.
     *
     * @param refusal makes the failure of the field that the path stands in
     */
    Path resolve(String path, BiFunction<ErrorCode, String, ModelException> refusal) {
        String shown = ModelException.shown(path);
        try {
            Path relative = Path.of(path);
            boolean climbs = false;
            for (Path part : relative) {
                climbs |= part.toString().equals("..") || part.toString().equals(".");
            }
            // A backslash separates folders for another system's reader of the same package.
            if (path.isEmpty() || relative.isAbsolute() || climbs || path.contains("\\")) {
                throw refusal.apply(ErrorCode.OUTSIDE_FOLDER, shown + " is no path inside the package");
            }
            Path step = folder;
            for (Path part : relative) {
                step = step.resolve(part);
                // Packages are copied from machine to machine: what a link means there, nobody knows.
                if (Files.isSymbolicLink(step)) {
                    throw refusal.apply(ErrorCode.OUTSIDE_FOLDER, shown + " leads over a link");
                }
            }
            if (!Files.exists(step, LinkOption.NOFOLLOW_LINKS)) {
                throw refusal.apply(ErrorCode.MISSING, shown + " does not exist");
            }
            if (!step.toRealPath().startsWith(folder.toRealPath())) {
                throw refusal.apply(ErrorCode.OUTSIDE_FOLDER, shown + " is a link that leaves the package");
            }
            return step;
        } catch (InvalidPathException e) {
            throw refusal.apply(ErrorCode.OUTSIDE_FOLDER, shown + " is no path");
        } catch (IOException e) {
            throw refusal.apply(ErrorCode.IO, String.valueOf(e.getMessage()));
        }
    }
}
