package dev.fairlead.cli.failure;

/** The exit codes of every command; scripts rely on the numbers. */
public enum ExitCode {
    OK(0),
    /** What was asked for ran and failed: a job, a promotion. */
    FAILED(1),
    USAGE(2),
    UNREACHABLE(3),
    DENIED(4),
    NOT_FOUND(5),
    /** Wrong state, lost race, or an identifier used for something else. */
    CONFLICT(6),
    INCONCLUSIVE(7),
    INTERNAL(8);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }
}
