package dev.fairlead.control.promotion;

import dev.fairlead.control.error.Reason;
import dev.fairlead.control.job.Jobs;
import jakarta.inject.Singleton;
import java.time.InstantSource;

/** The one place where a promotion changes. Each call is part of its caller's transaction. */
@Singleton
public final class Transitions {
    private final PromotionStore store;
    private final Jobs jobs;
    private final Announcer announcer;
    private final InstantSource clock;

    public Transitions(PromotionStore store, Jobs jobs, Announcer announcer, InstantSource clock) {
        this.store = store;
        this.jobs = jobs;
        this.announcer = announcer;
        this.clock = clock;
    }

    /** Keeps a new promotion. */
    Promotion started(Promotion promotion) {
        store.insert(promotion);
        announcer.entered(promotion);
        return promotion;
    }

    /** Goes to {@code state}; jobs that nobody will read any more are cancelled with it. */
    Promotion become(Promotion promotion, State state, Reason why) {
        Promotion after = store.update(promotion.moved(state, why, clock.instant()));
        switch (state) {
            case State.Rejected _, State.Aborted _ ->
                after.jobs().values().forEach(job -> jobs.cancel(job, why.sentence()));
            case State.Converting _,
                    State.Validating _,
                    State.AwaitingApproval _,
                    State.Deploying _,
                    State.Promoted _,
                    State.RolledBack _ -> {}
        }
        announcer.entered(after);
        return after;
    }

    /** Keeps what is new about a promotion in the same state. */
    Promotion keep(Promotion promotion) {
        Promotion after = store.update(promotion);
        announcer.changed();
        return after;
    }
}
