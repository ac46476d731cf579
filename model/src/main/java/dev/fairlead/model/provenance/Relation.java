package dev.fairlead.model.provenance;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How a value relates to its source values. */
public enum Relation {
    /** The same numbers in the same shape. */
    IDENTITY,
    /** The same numbers with axes permuted. */
    PERMUTE,
    /** The same numbers under another shape. */
    RESHAPE,
    /** A part of the source along some axes. */
    SLICE,
    /** The source is a part of this value. */
    CONCAT_PART,
    /** The same numbers, rounded to another type. */
    CAST,
    /** The source times a constant plus a constant. */
    AFFINE,
    /** A step inside what the source computes at once, or a source that a fused operator no longer shows. */
    FUSED_INTERNAL,
    /** A size, computed from the inputs' shapes. */
    SHAPE;

    private static final Map<String, Relation> BY_TEXT =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(Relation::text, relation -> relation));

    /** As {@code provenance.json} has it: {@code fused-internal}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<Relation> parse(String text) {
        return Optional.ofNullable(BY_TEXT.get(text));
    }
}
