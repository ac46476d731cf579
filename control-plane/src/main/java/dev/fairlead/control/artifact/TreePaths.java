package dev.fairlead.control.artifact;

import dev.fairlead.control.error.ErrorCode;
import dev.fairlead.control.error.FairleadException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which paths a tree may hold: such that unpacking it below a folder writes nothing outside and nothing twice. */
public final class TreePaths {
    /** Bytes of UTF-8. */
    public static final int LONGEST_PATH = 1024;

    /** Bytes of UTF-8; what common file systems take. */
    public static final int LONGEST_PART = 255;

    public static final int MOST_FILES = 100_000;

    private TreePaths() {}

    /** Checks all paths together; a failure names {@code files[i].path}. */
    public static void check(List<String> paths) {
        if (paths.isEmpty()) {
            throw FairleadException.missing("files");
        }
        if (paths.size() > MOST_FILES) {
            throw FairleadException.invalid("files", "may be at most " + MOST_FILES + ", got " + paths.size());
        }
        Map<String, Integer> files = HashMap.newHashMap(paths.size());
        for (int i = 0; i < paths.size(); i++) {
            checkOne(paths.get(i), i);
            Integer first = files.put(paths.get(i), i);
            if (first != null) {
                throw invalid(i, paths.get(i), "is the path of files[" + first + "] too");
            }
        }
        for (int i = 0; i < paths.size(); i++) {
            String path = paths.get(i);
            for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
                Integer file = files.get(path.substring(0, slash));
                if (file != null) {
                    throw invalid(i, path, "needs a folder where files[" + file + "] is a file");
                }
            }
        }
    }

    private static void checkOne(String path, int index) {
        if (path.isEmpty()) {
            throw invalid(index, path, "is empty");
        }
        int bytes = path.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > LONGEST_PATH) {
            throw invalid(index, path, "has " + bytes + " bytes, at most " + LONGEST_PATH + " are allowed");
        }
        if (path.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw invalid(index, path, "holds a control character");
        }
        if (path.indexOf('\\') >= 0) {
            throw invalid(index, path, "holds a backslash");
        }
        if (path.startsWith("/")) {
            throw invalid(index, path, "is absolute");
        }
        for (String part : path.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                throw invalid(index, path, "has the part '" + part + "'");
            }
            if (part.getBytes(StandardCharsets.UTF_8).length > LONGEST_PART) {
                throw invalid(index, path, "has a part of more than " + LONGEST_PART + " bytes");
            }
        }
    }

    private static FairleadException invalid(int index, String path, String why) {
        String field = "files[" + index + "].path";
        StringBuilder shown = new StringBuilder();
        path.chars().limit(100).forEach(c -> shown.append(c < ' ' || c == 0x7f ? '?' : (char) c));
        return new FairleadException(
                ErrorCode.TREE_PATH_INVALID,
                field,
                field + " " + why + ": '" + shown + (path.length() > 100 ? "…'" : "'"));
    }
}
