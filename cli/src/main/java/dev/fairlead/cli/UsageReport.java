package dev.fairlead.cli;

import dev.fairlead.cli.failure.ExitCode;
import dev.fairlead.cli.terminal.Terminal;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;

/** A command line that cannot be understood: what is wrong, and where help is. */
final class UsageReport implements IParameterExceptionHandler {
    private final Terminal terminal;

    UsageReport(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public int handleParseException(ParameterException problem, String[] arguments) {
        var command = problem.getCommandLine().getCommandSpec().qualifiedName();
        terminal.note(terminal.red("error:") + " " + problem.getMessage());
        terminal.note("  See " + command + " --help.");
        return ExitCode.USAGE.number();
    }
}
