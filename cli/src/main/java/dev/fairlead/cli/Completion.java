package dev.fairlead.cli;

import dev.fairlead.cli.failure.ExitCode;
import dev.fairlead.cli.server.Context;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "completion",
        description = "Prints a completion script for bash and zsh.",
        footer = {"", "Example:", "  source <(fairlead completion)"})
final class Completion implements Callable<Integer> {
    private final Context context;

    @Spec
    private @org.jspecify.annotations.Nullable CommandSpec spec;

    Completion(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        var root = Objects.requireNonNull(spec, "spec").root().commandLine();
        context.terminal().line(AutoComplete.bash("fairlead", root));
        return ExitCode.OK.number();
    }
}
