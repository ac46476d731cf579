package dev.fairlead.control.job;

import dev.fairlead.control.artifact.Digest;
import dev.fairlead.control.error.Reason;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an agent says of an attempt.
 *
 * @param progress 0 to 1, or {@link Attempt#NONE}
 * @param exitCode of the process, or {@link Attempt#NONE}
 * @param outputs with SUCCEEDED: output name to the tree committed under this fence
 * @param resultJson with an end: the small JSON object that the work left; empty where it left none
 * @param sequence grows by one for each report of an attempt
 */
public record Report(
        AttemptRef attempt,
        AttemptState state,
        @Nullable Reason reason,
        float progress,
        int exitCode,
        Map<String, Digest> outputs,
        String resultJson,
        long sequence) {
    public Report {
        outputs = Map.copyOf(outputs);
    }
}
