package dev.fairlead.control.promotion;

import dev.fairlead.control.artifact.Digest;
import dev.fairlead.control.error.FairleadException;
import java.util.Optional;

/**
 * A wish for a promotion.
 *
 * @param key the same key with the same wish gives the same promotion; empty means that none is given; at most 128
 *     characters
 * @param ref {@code name@version} or {@code name@alias}
 * @param suite golden inputs in place of the version's own
 * @param by who asks
 * @param traceparent W3C Trace Context; empty where there is none
 */
public record StartRequest(
        String key, String ref, String environment, Optional<Digest> suite, String by, String traceparent) {
    private static final int LONGEST_KEY = 128;

    public StartRequest {
        if (key.length() > LONGEST_KEY) {
            throw FairleadException.invalid(
                    "idempotency_key", "has at most %d characters, not %d".formatted(LONGEST_KEY, key.length()));
        }
        if (ref.isEmpty()) {
            throw FairleadException.missing("ref");
        }
        if (Digest.looksLike(ref)) {
            throw FairleadException.invalid("ref", "names a version: name@version or name@alias, not a digest");
        }
        if (environment.isEmpty()) {
            throw FairleadException.missing("environment");
        }
    }
}
