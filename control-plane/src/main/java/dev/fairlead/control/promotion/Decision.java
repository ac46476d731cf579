package dev.fairlead.control.promotion;

import dev.fairlead.control.error.Reason;
import dev.fairlead.control.job.JobSpec;
import java.util.Map;

/** The one next thing to do for a promotion. */
sealed interface Decision {
    /** Create jobs; all of them at once. */
    record Submit(Map<Step, JobSpec> jobs, Reason why) implements Decision {
        public Submit {
            jobs = Map.copyOf(jobs);
        }
    }

    /** Go to another state. */
    record Become(State state, Reason why) implements Decision {}

    /** Move the alias and be promoted, in one step. */
    record Deploy(State.Deploying state) implements Decision {}

    /** Nothing, until a job or a person moves. */
    record Wait(Reason why) implements Decision {}

    /** Nothing, ever. */
    record Ended() implements Decision {}
}
