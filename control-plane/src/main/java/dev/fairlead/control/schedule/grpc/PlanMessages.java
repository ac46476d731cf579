package dev.fairlead.control.schedule.grpc;

import dev.fairlead.control.agent.grpc.AgentMessages;
import dev.fairlead.control.job.JobSpec;
import dev.fairlead.control.job.grpc.Plans;
import dev.fairlead.control.schedule.Candidate;
import dev.fairlead.control.schedule.Placing;
import dev.fairlead.control.schedule.Scheduler;
import dev.fairlead.proto.v1.PlanJobResponse;

/** Plans as messages. */
public final class PlanMessages implements Plans {
    private final Placing placing;

    public PlanMessages(Placing placing) {
        this.placing = placing;
    }

    @Override
    public PlanJobResponse plan(JobSpec spec) {
        Scheduler.Plan plan = placing.plan(spec);
        PlanJobResponse.Builder message = PlanJobResponse.newBuilder();
        if (plan.agent() != null) {
            message.setAgent(plan.agent().value());
        }
        if (plan.pending() != null) {
            message.setPending(AgentMessages.reason(plan.pending()));
        }
        for (Candidate candidate : plan.candidates()) {
            message.addCandidatesBuilder()
                    .setAgent(candidate.agent().name().value())
                    .setPool(candidate.agent().pool())
                    .setFits(candidate.fits())
                    .setReason(AgentMessages.reason(candidate.reason()))
                    .setFreeMemoryBytes(candidate.freeBytes())
                    .setLocalBytes(candidate.localBytes())
                    .setScore(candidate.score())
                    .setStandIn(candidate.agent().machine().standIn());
        }
        return message.build();
    }
}
