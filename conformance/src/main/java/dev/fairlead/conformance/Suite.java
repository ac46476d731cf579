package dev.fairlead.conformance;

import java.io.IOException;
import java.util.function.Predicate;

/** Cases of one source held against one oracle. */
public interface Suite {
    /** Such as {@code onnx-node/reference}. */
    String name();

    /**
     * Runs the cases whose names are selected and reports each once. A case's error is its outcome; what is thrown ends the suite.
     *
     * @throws IOException where the suite's own data or tools are missing
     */
    void run(Predicate<String> selected, Report report) throws IOException;

    /** Takes the outcomes as they come. */
    @FunctionalInterface
    interface Report {
        void add(String name, Outcome outcome);

        /** Counts something that readers of the passed cases should know. */
        default void note(String what) {}
    }
}
