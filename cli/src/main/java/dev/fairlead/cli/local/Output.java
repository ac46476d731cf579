package dev.fairlead.cli.local;

import java.nio.file.Path;
import java.util.function.BiConsumer;

/** Where what the child processes print goes. */
public sealed interface Output {

    /** Line by line, with the process' name, to a consumer that many threads call. */
    record Lines(BiConsumer<String, String> sink) implements Output {}

    /** Into `<name>.log` in a folder; goes on when the command line ends. */
    record Files(Path folder) implements Output {}
}
