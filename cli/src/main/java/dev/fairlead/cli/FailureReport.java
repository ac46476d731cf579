package dev.fairlead.cli;

import dev.fairlead.cli.failure.CommandFailure;
import dev.fairlead.cli.failure.ExitCode;
import dev.fairlead.cli.terminal.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Turns what a command threw into one sentence on `err` and an exit code. */
final class FailureReport implements IExecutionExceptionHandler {
    private final Terminal terminal;

    FailureReport(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public int handleExecutionException(Exception problem, CommandLine line, ParseResult parsed) {
        terminal.out().flush();
        if (problem instanceof CommandFailure failure) {
            terminal.note(terminal.red("error:") + " " + failure.text());
            return failure.code().number();
        }
        if (problem instanceof InterruptedException) {
            terminal.note("interrupted");
            return ExitCode.FAILED.number();
        }
        terminal.note(terminal.red("error:") + " this should not have happened; please report it with the lines below");
        problem.printStackTrace(terminal.err());
        return ExitCode.INTERNAL.number();
    }
}
