package dev.fairlead.agent.failure;

/**
 * Why something is not running, or failed.
 *
 * @param code upper camel case, stable; empty where there is nothing to say
 * @param sentence one sentence with numbers
 */
public record Reason(String code, String sentence) {
    public static final Reason NONE = new Reason("", "");

    private static final int LONGEST = 4096;

    public Reason {
        if (!code.matches("[A-Za-z0-9]{0,64}")) {
            throw new IllegalArgumentException("code: want upper camel case, got '" + code + "'");
        }
        if (sentence.length() > LONGEST) {
            sentence = sentence.substring(0, LONGEST);
        }
    }

    public static Reason of(FailureCode code, String sentence) {
        return new Reason(code.code(), sentence);
    }
}
