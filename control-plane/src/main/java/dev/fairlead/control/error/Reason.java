package dev.fairlead.control.error;

/**
 * Why something is not running, or why it ended as it did.
 *
 * @param code upper camel case, stable across versions: {@code InsufficientMemory}
 * @param sentence one sentence for a person, with numbers
 */
public record Reason(String code, String sentence) {
    public Reason {
        if (code.isBlank()) {
            throw new IllegalArgumentException("code: is blank, sentence is \"" + sentence + "\"");
        }
    }
}
