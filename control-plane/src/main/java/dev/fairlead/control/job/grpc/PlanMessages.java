package dev.fairlead.control.job.grpc;

import dev.fairlead.control.agent.wire.AgentMessages;
import dev.fairlead.control.job.Candidate;
import dev.fairlead.control.job.Plan;
import dev.fairlead.proto.v1.PlanJobResponse;

/** Plans as messages. */
final class PlanMessages {
    private PlanMessages() {}

    static PlanJobResponse plan(Plan plan) {
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
