package dev.fairlead.cli.failure;

import java.util.Objects;

/** A command cannot go on. The message is one sentence; the advice, possibly empty, says what to do next. */
public final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ExitCode code;
    private final String advice;

    public CommandFailure(ExitCode code, String message, String advice) {
        super(message);
        this.code = Objects.requireNonNull(code, "code");
        this.advice = Objects.requireNonNull(advice, "advice");
    }

    public static CommandFailure usage(String message) {
        return new CommandFailure(ExitCode.USAGE, message, "");
    }

    public ExitCode code() {
        return code;
    }

    public String advice() {
        return advice;
    }

    /** Message and advice, as printed after `error: `. */
    public String text() {
        var message = Objects.requireNonNullElse(getMessage(), code.name());
        return advice.isEmpty() ? message : message + "\n  " + advice;
    }
}
