package dev.fairlead.agent.artifact;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The control plane's artifact store, as the agent uses it. Calls block; an interrupt ends them. */
public interface Artifacts {
    /**
     * The files of a tree.
     *
     * @throws dev.fairlead.agent.failure.AgentFailure UNAVAILABLE where trying again may help
     */
    Tree tree(Digest digest);

    /** Feeds {@code sink} with the blob's bytes from {@code offset} to the end. */
    void download(Digest blob, long offset, Sink sink) throws IOException;

    /**
     * Sends what the store lacks and makes the tree visible under the fence. Idempotent.
     *
     * @throws dev.fairlead.agent.failure.AgentFailure FENCED where the fence is stale
     */
    Digest commit(OutputFolder output, String attemptId, long fence) throws IOException;

    /** Takes bytes in order. */
    interface Sink {
        void accept(byte[] chunk) throws IOException;
    }

    /** Files of an output folder with their hashes, in canonical order. */
    record OutputFolder(Path folder, Tree tree) {
        public List<TreeFile> files() {
            return tree.files();
        }
    }
}
