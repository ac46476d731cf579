package dev.fairlead.control.promotion;

import dev.fairlead.control.artifact.Digest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where promotions are kept. Every call joins the caller's transaction. */
public interface PromotionStore {
    /** Fails with LOST_RACE where the key is taken, or where the model and environment have an active promotion. */
    void insert(Promotion promotion);

    /**
     * Writes the state, reason, jobs and new history rows of a promotion that was read at {@code promotion.revision()},
     * and returns it with its new revision. Fails with LOST_RACE where someone else wrote in between.
     */
    Promotion update(Promotion promotion);

    Optional<Promotion> find(PromotionId id);

    Optional<Promotion> findByKey(String key);

    /** The one that has not ended. */
    Optional<Promotion> findActive(String model, String environment);

    /** Those that have not ended, oldest first. */
    List<PromotionId> active();

    /** Newest first. {@code before} starts after that one; {@code model} null means all. */
    List<Promotion> list(int limit, @Nullable PromotionId before, @Nullable String model);

    /** How many are in each phase; a phase without any is absent. */
    Map<Phase, Long> count();

    /** Every tree that a promotion needs or shows. */
    Set<Digest> referencedTrees();
}
