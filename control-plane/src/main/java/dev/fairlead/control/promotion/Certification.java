package dev.fairlead.control.promotion;

import dev.fairlead.control.artifact.Digest;
import dev.fairlead.control.error.Reason;
import java.util.Optional;

/** Certificates, as promotions need them. Every call joins the caller's transaction. */
public interface Certification {
    /**
     * The comparison of {@code promotion} passed.
     *
     * @throws dev.fairlead.control.error.FairleadException where its report does not say on what, so that nothing can be certified
     */
    void passed(Promotion promotion, Digest candidate, Judgement judgement);

    /**
     * Why the certificate of promotion {@code id} does not hold any more in {@code candidatePool}, code {@code ParityStale}; empty
     * where it does, or where there is none.
     */
    Optional<Reason> stale(String id, String candidatePool);
}
