package dev.fairlead.control.schedule;

import dev.fairlead.control.agent.AgentName;
import dev.fairlead.control.error.Reason;
import dev.fairlead.control.job.JobId;

/** What becomes of a waiting job now. */
public sealed interface Decision {
    JobId job();

    /** It goes to that device of that agent. */
    record Assign(JobId job, AgentName agent, String device) implements Decision {}

    /** It goes on waiting. */
    record Wait(JobId job, Reason reason) implements Decision {}
}
