package dev.fairlead.control.error;

import java.util.Locale;

/** Every failure a client can meet. A number is never reused; the name in upper camel case is the code clients see. */
public enum ErrorCode {
    FIELD_INVALID(100, Kind.MALFORMED, false),
    FIELD_MISSING(101, Kind.MALFORMED, false),
    PAGE_TOKEN_INVALID(102, Kind.MALFORMED, false),

    CREDENTIALS_MISSING(200, Kind.UNAUTHENTICATED, false),
    CREDENTIALS_INVALID(201, Kind.UNAUTHENTICATED, false),
    CREDENTIALS_EXPIRED(202, Kind.UNAUTHENTICATED, false),
    PERMISSION_DENIED(203, Kind.DENIED, false),
    TOKEN_NAME_TAKEN(204, Kind.DUPLICATE, false),
    TOKEN_NOT_FOUND(205, Kind.MISSING, false),
    LAST_ADMIN_TOKEN(206, Kind.WRONG_STATE, false),

    AGENT_NOT_FOUND(300, Kind.MISSING, false),
    AGENT_NAME_TAKEN(301, Kind.DUPLICATE, false),
    JOIN_TOKEN_INVALID(302, Kind.UNAUTHENTICATED, false),
    JOIN_TOKEN_EXPIRED(303, Kind.UNAUTHENTICATED, false),
    JOIN_TOKEN_USED(304, Kind.UNAUTHENTICATED, false),
    AGENT_WRONG_STATE(305, Kind.WRONG_STATE, false),
    AGENT_CONNECTED_ELSEWHERE(306, Kind.LOST_RACE, true),

    BLOB_NOT_FOUND(400, Kind.MISSING, false),
    TREE_NOT_FOUND(401, Kind.MISSING, false),
    /** The bytes that arrived do not have the digest that was announced. */
    BLOB_CORRUPT(402, Kind.CORRUPT, true),
    BLOB_SIZE_MISMATCH(403, Kind.MALFORMED, false),
    /** The upload does not go on where the store stands; ask {@code Missing} and send from there. */
    UPLOAD_OFFSET_MISMATCH(404, Kind.LOST_RACE, true),
    TREE_PATH_INVALID(405, Kind.MALFORMED, false),
    TREE_DIGEST_MISMATCH(406, Kind.CORRUPT, false),
    /** A tree names blobs that the store lacks. */
    BLOBS_MISSING(407, Kind.WRONG_STATE, true),
    ARTIFACT_QUOTA_EXCEEDED(408, Kind.EXHAUSTED, true),
    DISK_FULL(409, Kind.EXHAUSTED, true),
    /** Another attempt has taken over: drop the results. */
    STALE_FENCE(410, Kind.LOST_RACE, false),

    MODEL_NOT_FOUND(500, Kind.MISSING, false),
    MODEL_VERSION_NOT_FOUND(501, Kind.MISSING, false),
    ALIAS_NOT_FOUND(502, Kind.MISSING, false),
    MODEL_REF_INVALID(503, Kind.MALFORMED, false),
    SUITE_NOT_FOUND(504, Kind.MISSING, false),

    JOB_NOT_FOUND(600, Kind.MISSING, false),
    JOB_SPEC_INVALID(601, Kind.MALFORMED, false),
    /** The idempotency key belongs to another payload. */
    IDEMPOTENCY_CONFLICT(602, Kind.DUPLICATE, false),
    JOB_WRONG_STATE(603, Kind.WRONG_STATE, false),
    ATTEMPT_NOT_FOUND(604, Kind.MISSING, false),

    PROMOTION_NOT_FOUND(700, Kind.MISSING, false),
    PROMOTION_WRONG_STATE(701, Kind.WRONG_STATE, false),
    PROMOTION_IN_PROGRESS(702, Kind.DUPLICATE, false),
    ENVIRONMENT_NOT_FOUND(703, Kind.MISSING, false),
    NOTHING_TO_UNDO(704, Kind.WRONG_STATE, false),
    POLICY_REFUSED(705, Kind.WRONG_STATE, false),

    PARITY_REPORT_NOT_FOUND(800, Kind.MISSING, false),
    CERTIFICATE_NOT_FOUND(801, Kind.MISSING, false),
    /** What a certificate holds for has changed since. */
    PARITY_STALE(802, Kind.WRONG_STATE, false),

    DATABASE_UNAVAILABLE(900, Kind.UNAVAILABLE, true),
    SHUTTING_DOWN(901, Kind.UNAVAILABLE, true),
    LOST_RACE(902, Kind.LOST_RACE, true),
    UNSUPPORTED(903, Kind.UNSUPPORTED, false),
    INTERNAL(999, Kind.INTERNAL, false);

    private final int number;
    private final Kind kind;
    private final boolean retryable;

    ErrorCode(int number, Kind kind, boolean retryable) {
        this.number = number;
        this.kind = kind;
        this.retryable = retryable;
    }

    public int number() {
        return number;
    }

    public Kind kind() {
        return kind;
    }

    /** True where the same call may succeed later without a change. */
    public boolean retryable() {
        return retryable;
    }

    /** The code in upper camel case: {@code DiskFull}. */
    public String code() {
        StringBuilder camel = new StringBuilder();
        for (String word : name().split("_", -1)) {
            camel.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
        }
        return camel.toString();
    }

    /** Whose fault a failure is and what kind of answer it gets. */
    public enum Kind {
        MALFORMED,
        UNAUTHENTICATED,
        DENIED,
        MISSING,
        DUPLICATE,
        WRONG_STATE,
        LOST_RACE,
        EXHAUSTED,
        UNAVAILABLE,
        UNSUPPORTED,
        CORRUPT,
        INTERNAL
    }
}
