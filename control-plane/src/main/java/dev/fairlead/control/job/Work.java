package dev.fairlead.control.job;

import java.util.List;

/** What runs. */
public sealed interface Work {
    /** A program and its arguments, run without a shell. */
    record Command(List<String> argv) implements Work {
        public Command {
            argv = List.copyOf(argv);
        }
    }

    /** A model: {@code name@alias}, {@code name@version} or a tree digest; staged as input {@code model}. */
    record Model(String ref) implements Work {}

    /** Nothing but what the kind itself does: convert, compare. */
    record BuiltIn() implements Work {}
}
