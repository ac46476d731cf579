package dev.fairlead.model.tensor;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;

/**
 * Paths that a model file names. Whoever made the file may want another one read, so nothing that leads out of the model's folder is opened:
 * no parent, no absolute path, no link of either kind.
 */
public final class Contained {
    /** 2000-01-01, in milliseconds. */
    private static final long STORE_TIME = 946_684_800_000L;

    private static final int WRITABLE = 0222;

    private Contained() {}

    /**
     * A regular file inside a folder.
     *
     * @param file the file that names the location, for errors
     * @param field where in that file the location stands
     * @throws ModelException OUTSIDE_FOLDER for a location that leads or may lead out, MISSING when there is no such file
     */
    public static Path file(Path folder, String location, String file, String field) {
        String shown = ModelException.shown(location);
        try {
            Path relative = Path.of(location);
            boolean climbs = false;
            for (Path part : relative) {
                climbs |= part.toString().equals("..");
            }
            // A backslash separates folders for another system's reader of the same model.
            if (location.isEmpty() || relative.isAbsolute() || climbs || location.contains("\\")) {
                throw outside(file, field, shown + " is no path inside the model's folder");
            }
            Path at = folder;
            for (Path part : relative) {
                at = at.resolve(part);
                if (Files.isSymbolicLink(at)) {
                    throw outside(file, field, shown + " is a link, or lies behind one");
                }
            }
            if (!Files.exists(at, LinkOption.NOFOLLOW_LINKS)) {
                throw new ModelException(ErrorCode.MISSING, file, field, shown + " does not exist");
            }
            if (!Files.isRegularFile(at, LinkOption.NOFOLLOW_LINKS)) {
                throw new ModelException(ErrorCode.MALFORMED, file, field, shown + " is no regular file");
            }
            refuseHardLink(at, file, field, shown);
            return at;
        } catch (InvalidPathException e) {
            throw outside(file, field, shown + " is no path");
        } catch (IOException e) {
            throw new ModelException(ErrorCode.IO, file, field, String.valueOf(e.getMessage()));
        }
    }

    /**
     * A second name may belong to a file anywhere. The agent's store stages its blobs by such names too, and marks them as nobody else can
     * mark a file that is not theirs: nobody may write them, and they were changed at the beginning of 2000.
     */
    private static void refuseHardLink(Path at, String file, String field, String shown) throws IOException {
        if (!at.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            return;
        }
        Map<String, Object> attributes = Files.readAttributes(at, "unix:nlink,mode", LinkOption.NOFOLLOW_LINKS);
        boolean linked = attributes.get("nlink") instanceof Integer links && links > 1;
        boolean staged = attributes.get("mode") instanceof Integer mode
                && (mode & WRITABLE) == 0
                && Files.getLastModifiedTime(at).toMillis() == STORE_TIME;
        if (linked && !staged) {
            throw outside(file, field, shown + " has a second name, which may lie outside the model's folder");
        }
    }

    private static ModelException outside(String file, String field, String problem) {
        return new ModelException(ErrorCode.OUTSIDE_FOLDER, file, field, problem);
    }
}
