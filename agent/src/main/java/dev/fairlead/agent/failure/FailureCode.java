package dev.fairlead.agent.failure;

/** Stable codes of what goes wrong on an agent; the name is what people see. */
public enum FailureCode {
    /** An artifact's manifest, path or file is not what it must be. */
    BAD_ARTIFACT(1, false, "BadArtifact"),
    /** Bytes do not have the hash that names them. */
    DIGEST_MISMATCH(2, true, "DigestMismatch"),
    /** The tree is larger than the cache may become. */
    CACHE_LIMIT(3, false, "CacheLimit"),
    /** The agent's disk refused to take more. */
    DISK_FULL(4, true, "DiskFull"),
    /** An output folder holds what cannot be kept. */
    BAD_OUTPUT(5, false, "BadOutput"),
    /** The process ended with another status than 0. */
    PROCESS_FAILED(6, true, "ProcessFailed"),
    /** The process or its supervisor vanished without leaving a status. */
    PROCESS_LOST(7, true, "ProcessLost"),
    /** The program does not exist or could not be started. */
    NOT_STARTED(8, false, "NotStarted"),
    TIMED_OUT(9, true, "TimedOut"),
    MEMORY_LIMIT(10, false, "MemoryLimit"),
    CANCELLED(11, false, "Cancelled"),
    /** The agent shuts down and gives the work back. */
    HANDED_BACK(12, true, "HandedBack"),
    /** The fence is stale: another attempt has replaced this one. */
    FENCED(13, false, "Fenced"),
    /** The control plane cannot be reached, or refused for now. */
    UNAVAILABLE(14, true, "Unavailable"),
    /** The control plane refused. */
    REFUSED(15, false, "Refused"),
    BAD_TASK(16, false, "BadTask"),
    /** A model could not be loaded or run. */
    RUNTIME_FAILED(17, false, "RuntimeFailed"),
    /** The agent has no runtime or interpreter for this work. */
    NO_RUNTIME(18, false, "NoRuntime"),
    INTERNAL(19, true, "Internal");

    private final int number;
    private final boolean retryable;
    private final String code;

    FailureCode(int number, boolean retryable, String code) {
        this.number = number;
        this.retryable = retryable;
        this.code = code;
    }

    public int number() {
        return number;
    }

    /** Whether the same work may succeed later without a change. */
    public boolean retryable() {
        return retryable;
    }

    /** Upper camel case, as in {@code fairlead.v1.Reason.code}. */
    public String code() {
        return code;
    }
}
