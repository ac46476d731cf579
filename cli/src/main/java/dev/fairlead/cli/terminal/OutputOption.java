package dev.fairlead.cli.terminal;

import picocli.CommandLine.Option;

/** The option `-o`, for commands that work without a control plane. */
public final class OutputOption {
    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "table (the default) or json.")
    private OutputFormat output = OutputFormat.TABLE;

    public boolean json() {
        return output == OutputFormat.JSON;
    }
}
