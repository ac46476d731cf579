package dev.fairlead.control.promotion;

import dev.fairlead.control.artifact.Digest;
import java.util.Optional;

/** What a promotion had found out by the time it ended without moving an alias. */
public record Evidence(Optional<Digest> candidate, Optional<Judgement> judgement) {
    static final Evidence NONE = new Evidence(Optional.empty(), Optional.empty());

    static Evidence of(Digest candidate) {
        return new Evidence(Optional.of(candidate), Optional.empty());
    }

    static Evidence of(Digest candidate, Judgement judgement) {
        return new Evidence(Optional.of(candidate), Optional.of(judgement));
    }
}
