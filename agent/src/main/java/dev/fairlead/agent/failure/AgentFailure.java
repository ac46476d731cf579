package dev.fairlead.agent.failure;

/** The agent's one exception: a code and a sentence that begins with the file or field at fault where there is one. */
public final class AgentFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final FailureCode code;

    public AgentFailure(FailureCode code, String sentence) {
        super(sentence);
        this.code = code;
    }

    public AgentFailure(FailureCode code, String sentence, Throwable cause) {
        super(sentence, cause);
        this.code = code;
    }

    public FailureCode code() {
        return code;
    }

    public Reason reason() {
        return new Reason(code.code(), String.valueOf(getMessage()));
    }
}
