package dev.fairlead.model.convert;

/**
 * How to convert.
 *
 * @param version of this program, for {@code produced_by}
 */
public record Options(String version) {
    public static Options defaults() {
        return new Options("0.1.0");
    }
}
