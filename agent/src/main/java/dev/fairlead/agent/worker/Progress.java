package dev.fairlead.agent.worker;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.agent.artifact.Folders;
import java.io.IOException;
import java.nio.file.Path;

/** progress.json, rewritten at most five times a second. */
final class Progress {
    private static final long EVERY_NANOS = 200_000_000;

    private final Path file;
    private long last = System.nanoTime() - EVERY_NANOS;

    Progress(Path folder) {
        this.file = folder.resolve("progress.json");
    }

    synchronized void tell(long done, long of, String what) throws IOException {
        long now = System.nanoTime();
        if (done < of && now - last < EVERY_NANOS) {
            return;
        }
        last = now;
        ObjectNode progress = new JsonMapper()
                .createObjectNode()
                .put("fraction", (double) done / of)
                .put("message", what + " " + done + " of " + of);
        Folders.writeWhole(file, progress.toString());
    }
}
