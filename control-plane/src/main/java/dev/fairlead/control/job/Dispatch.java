package dev.fairlead.control.job;

import java.util.Collection;

/** Carries decisions to agents at once. Nothing is lost when it cannot: the streams look at the database on a timer. */
public interface Dispatch {
    /** Jobs that were just placed. */
    void placed(Collection<Job> jobs);

    /** Attempts that must end, of jobs that are cancelled. */
    void stop(Collection<Job> jobs);
}
