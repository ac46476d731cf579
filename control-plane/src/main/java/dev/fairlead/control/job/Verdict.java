package dev.fairlead.control.job;

/** What a report did to its job. */
public sealed interface Verdict {
    /** The report was taken in. */
    record Applied(Job job) implements Verdict {}

    /** The report had been taken in before: it is acknowledged and has no further effect. */
    record Repeated() implements Verdict {}

    /** The attempt may not write any more: stop it and drop its results. */
    record Refused() implements Verdict {}

    /** True where the agent may forget the report and go on. */
    default boolean accepted() {
        return !(this instanceof Refused);
    }
}
