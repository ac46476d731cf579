package dev.fairlead.conformance;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;

/** What became of one case. */
public sealed interface Outcome {
    record Passed() implements Outcome {}

    /** Right, but shown by another judge than the suite's own, named with why. Counted as passed, and said apart. */
    record PassedElsewhere(String where) implements Outcome {}

    /** A wrong answer, or an error that is no refusal. */
    record Failed(String detail) implements Outcome {}

    /** Refused, with the reason that was given. Reasons are counted, so they name no case. */
    record Unsupported(String reason) implements Outcome {}

    /** Whether it is counted as passed. */
    default boolean isPass() {
        return switch (this) {
            case Passed() -> true;
            case PassedElsewhere _ -> true;
            case Failed _, Unsupported _ -> false;
        };
    }

    /** A refusal is a typed error that says so; every other error is a failure. */
    static Outcome of(Throwable error) {
        if (error instanceof ModelException refusal && refusal.code() == ErrorCode.UNSUPPORTED) {
            return new Unsupported(refusal.problem());
        }
        StackTraceElement[] trace = error.getStackTrace();
        String place = error instanceof ModelException || trace.length == 0 ? "" : " at " + trace[0];
        return new Failed(error + place);
    }
}
