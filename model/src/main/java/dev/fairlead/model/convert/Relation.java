package dev.fairlead.model.convert;

import java.util.Locale;

/** How a value of the ONNX graph relates to its source values. */
enum Relation {
    /** The same numbers in the same shape. */
    IDENTITY,
    /** The same numbers with axes permuted. */
    PERMUTE,
    /** The same numbers under another shape. */
    RESHAPE,
    /** A step inside what the source computes at once; it has no counterpart. */
    FUSED_INTERNAL,
    /** A size, computed from the inputs' shapes. */
    SHAPE;

    String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
