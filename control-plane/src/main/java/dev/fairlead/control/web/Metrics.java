package dev.fairlead.control.web;

import dev.fairlead.control.agent.Agent;
import dev.fairlead.control.agent.AgentState;
import dev.fairlead.control.agent.Fleet;
import dev.fairlead.control.event.Outbox;
import dev.fairlead.control.job.Job;
import dev.fairlead.control.job.JobState;
import dev.fairlead.control.job.JobStore;
import dev.fairlead.control.promotion.Phase;
import dev.fairlead.control.promotion.PromotionStore;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Looks at the database for {@link Gauges}: in a loop, so that a scrape costs nothing. */
@Singleton
public final class Metrics {
    /** The queue's age is that of the oldest among so many of the first in line. */
    private static final int FIRST_IN_LINE = 1000;

    private final Fleet fleet;
    private final JobStore jobs;
    private final PromotionStore promotions;
    private final Outbox outbox;
    private final Gauges gauges;
    private final InstantSource clock;

    public Metrics(
            Fleet fleet, JobStore jobs, PromotionStore promotions, Outbox outbox, Gauges gauges, InstantSource clock) {
        this.fleet = fleet;
        this.jobs = jobs;
        this.promotions = promotions;
        this.outbox = outbox;
        this.gauges = gauges;
        this.clock = clock;
    }

    /** Measures everything once. */
    public void measure() {
        Instant now = clock.instant();
        gauges.byState("fairlead.agents", AgentState.class, count(fleet.list(), Agent::state));
        gauges.byState("fairlead.jobs", JobState.class, jobs.counts());
        gauges.byState("fairlead.promotions", Phase.class, promotions.count());
        gauges.age(
                "fairlead.queue.age",
                jobs.waiting(now, 0, FIRST_IN_LINE).stream()
                        .map(Job::submittedAt)
                        .min(Instant::compareTo)
                        .map(oldest -> Duration.between(oldest, now))
                        .orElse(Duration.ZERO));
        Outbox.Lag lag = outbox.lag();
        gauges.number("fairlead.outbox.unsent", lag.unsent());
        gauges.age("fairlead.outbox.lag", lag.unsent() == 0 ? Duration.ZERO : Duration.between(lag.oldest(), now));
    }

    private static <T, S> Map<S, Long> count(List<T> all, Function<T, S> state) {
        return all.stream().collect(Collectors.groupingBy(state, Collectors.counting()));
    }
}
