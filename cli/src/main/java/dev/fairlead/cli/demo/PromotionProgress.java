package dev.fairlead.cli.demo;

import dev.fairlead.cli.demo.Steps.Meter;
import dev.fairlead.cli.failure.CommandFailure;
import dev.fairlead.cli.failure.ExitCode;
import dev.fairlead.cli.promote.PromotionStates;
import dev.fairlead.cli.server.Connection;
import dev.fairlead.cli.server.Context;
import dev.fairlead.cli.terminal.Words;
import dev.fairlead.proto.v1.GetPromotionRequest;
import dev.fairlead.proto.v1.JobState;
import dev.fairlead.proto.v1.Promotion;
import dev.fairlead.proto.v1.PromotionState;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;

/** Waits for a promotion, with the progress of the job that it waits for. */
final class PromotionProgress {
    private static final Set<PromotionState> LOST = EnumSet.of(
            PromotionState.PROMOTION_STATE_REJECTED,
            PromotionState.PROMOTION_STATE_ABORTED,
            PromotionState.PROMOTION_STATE_ROLLED_BACK);

    private final Connection connection;
    private final Context context;
    private final DemoJobs jobs;

    PromotionProgress(Connection connection, Context context, DemoJobs jobs) {
        this.connection = connection;
        this.context = context;
        this.jobs = jobs;
    }

    /** Waits until the promotion has left `state`; one that was lost or that rests there inconclusive is a failure. */
    Promotion until(String id, PromotionState state, Meter meter) throws InterruptedException {
        while (true) {
            var promotion = get(id);
            if (LOST.contains(promotion.getState())
                    || (promotion.getState() == state && PromotionStates.rests(promotion))) {
                throw failure(promotion);
            }
            if (promotion.getState().getNumber() > state.getNumber()) {
                return promotion;
            }
            show(promotion, meter);
            context.pause().seconds(0.2);
        }
    }

    void untilPromoted(String id, Meter meter) throws InterruptedException {
        until(id, PromotionState.PROMOTION_STATE_DEPLOYING, meter);
    }

    private Promotion get(String id) {
        return connection
                .promotions()
                .get(GetPromotionRequest.newBuilder().setId(id).build());
    }

    private void show(Promotion promotion, Meter meter) {
        var ids = jobIds(promotion).toList();
        if (ids.isEmpty()) {
            meter.show(-1, Words.of(promotion.getState()));
        } else {
            DemoJobs.show(jobs.get(ids.getLast()), meter);
        }
    }

    private static Stream<String> jobIds(Promotion promotion) {
        return Stream.of(
                        promotion.getConvertJob(),
                        promotion.getReferenceJob(),
                        promotion.getCandidateJob(),
                        promotion.getReference64Job(),
                        promotion.getCandidate64Job(),
                        promotion.getCompareJob())
                .filter(id -> !id.isEmpty());
    }

    /** The job at fault where one failed, else the promotion's own reason. */
    private CommandFailure failure(Promotion promotion) {
        return jobIds(promotion)
                .map(jobs::get)
                .filter(job -> job.getState() == JobState.JOB_STATE_FAILED)
                .findFirst()
                .map(jobs::failure)
                .orElseGet(() -> new CommandFailure(
                        ExitCode.FAILED,
                        "promotion " + promotion.getId() + " of " + PromotionStates.line(promotion),
                        "The verdict was " + Words.of(promotion.getVerdict()) + "."));
    }
}
