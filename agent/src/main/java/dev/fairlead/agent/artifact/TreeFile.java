package dev.fairlead.agent.artifact;

import dev.fairlead.agent.failure.AgentFailure;
import dev.fairlead.agent.failure.FailureCode;

/**
 * One file of a tree.
 *
 * @param path relative, {@code /}-separated, without empty, {@code .} or {@code ..} parts, backslashes or controls
 * @param size bytes
 */
public record TreeFile(String path, Digest digest, long size) {
    private static final int LONGEST_PATH = 4096;
    private static final int LONGEST_PART = 255;

    public TreeFile {
        if (path.isEmpty() || path.length() > LONGEST_PATH) {
            throw bad(path, "want 1 to " + LONGEST_PATH + " characters");
        }
        if (path.chars().anyMatch(c -> c < 0x20 || c == 0x7f || c == '\\')) {
            throw bad(path, "control characters and backslashes are refused");
        }
        for (String part : path.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..") || part.length() > LONGEST_PART) {
                throw bad(path, "want a relative path without empty, '.' or '..' parts");
            }
        }
        if (size < 0) {
            throw new AgentFailure(FailureCode.BAD_ARTIFACT, path + ": size: want at least 0, got " + size);
        }
    }

    private static AgentFailure bad(String path, String why) {
        String shown = path.length() > 80 ? path.substring(0, 80) + "…" : path;
        return new AgentFailure(FailureCode.BAD_ARTIFACT, "path '" + shown.replaceAll("\\p{Cntrl}", "?") + "': " + why);
    }
}
