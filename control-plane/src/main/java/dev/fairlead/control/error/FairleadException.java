package dev.fairlead.control.error;

import java.io.Serial;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A failure with a stable code. Its message is shown to the caller: one sentence with numbers, no internals, no secrets. */
public final class FairleadException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final String field;

    /** {@code field} is the request field at fault in dotted form ({@code files[3].path}), or empty. */
    public FairleadException(ErrorCode code, String field, String message) {
        this(code, field, message, null);
    }

    public FairleadException(ErrorCode code, String field, String message, @Nullable Throwable cause) {
        super(Objects.requireNonNull(message, "message"), cause);
        this.code = Objects.requireNonNull(code, "code");
        this.field = Objects.requireNonNull(field, "field");
    }

    public static FairleadException invalid(String field, String why) {
        return new FairleadException(ErrorCode.FIELD_INVALID, field, field + " " + why);
    }

    public static FairleadException missing(String field) {
        return new FairleadException(ErrorCode.FIELD_MISSING, field, field + " is required");
    }

    public ErrorCode code() {
        return code;
    }

    public String field() {
        return field;
    }
}
