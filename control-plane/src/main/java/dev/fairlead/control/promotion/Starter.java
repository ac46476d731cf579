package dev.fairlead.control.promotion;

import dev.fairlead.control.artifact.Digest;
import dev.fairlead.control.error.ErrorCode;
import dev.fairlead.control.error.FairleadException;
import dev.fairlead.control.error.Reason;
import dev.fairlead.control.model.ModelVersion;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Starts promotions: once per key, and one at a time for a model and an environment. Part of the caller's transaction. */
@Singleton
public final class Starter {
    private final PromotionStore store;
    private final Environments environments;
    private final Registry registry;
    private final Transitions transitions;
    private final Identities identities;

    public Starter(
            PromotionStore store,
            Environments environments,
            Registry registry,
            Transitions transitions,
            Identities identities) {
        this.store = store;
        this.environments = environments;
        this.registry = registry;
        this.transitions = transitions;
        this.identities = identities;
    }

    Promotion start(StartRequest request) {
        Optional<Promotion> known = request.key().isEmpty() ? Optional.empty() : store.findByKey(request.key());
        if (known.isPresent()) {
            return repeated(known.get(), request);
        }
        Environment environment = environments.get(request.environment());
        ModelVersion version = registry.version(request.ref());
        Digest suite = request.suite()
                .or(version::suite)
                .orElseThrow(() -> new FairleadException(
                        ErrorCode.SUITE_NOT_FOUND,
                        "suite_digest",
                        "%s@%d has no golden inputs: push them with the version, or name a suite"
                                .formatted(version.model(), version.version())));
        Identities.Identity identity = identities.next();
        store.findActive(version.model().text(), environment.name())
                .ifPresent(active -> supersede(active, identity.id()));
        return transitions.started(new Promotion(
                identity.id(),
                1,
                new Promotion.Start(
                        request.key().isEmpty() ? identity.id().value() : request.key(),
                        request.ref(),
                        request.suite(),
                        version.model().text(),
                        version.version(),
                        version.tree(),
                        version.format(),
                        suite,
                        request.by(),
                        request.traceparent()),
                environment,
                new State.Converting(),
                new Reason("Started", "started by " + request.by()),
                Map.of(),
                identity.at(),
                Optional.empty(),
                List.of()));
    }

    private static Promotion repeated(Promotion known, StartRequest request) {
        boolean same = known.start().ref().equals(request.ref())
                && known.environment().name().equals(request.environment())
                && known.start().requestedSuite().equals(request.suite());
        if (!same) {
            throw new FairleadException(
                    ErrorCode.IDEMPOTENCY_CONFLICT,
                    "idempotency_key",
                    "the key belongs to promotion %s of %s to %s"
                            .formatted(
                                    known.id(),
                                    known.start().ref(),
                                    known.environment().name()));
        }
        return known;
    }

    // An inconclusive comparison waits for exactly this: a start with better golden inputs. Anything else is in the
    // way.
    private void supersede(Promotion active, PromotionId by) {
        if (active.state() instanceof State.Validating validating
                && validating.paused().isPresent()) {
            transitions.become(
                    active, validating.aborted(), new Reason("Superseded", "promotion " + by + " took its place"));
            return;
        }
        throw new FairleadException(
                ErrorCode.PROMOTION_IN_PROGRESS,
                "ref",
                "promotion %s of version %d to %s is %s: wait for it or abort it"
                        .formatted(active.id(), active.start().version(), active.alias(), active.phase()));
    }
}
