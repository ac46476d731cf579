package dev.fairlead.model.convert;

/** Is told how far a conversion is. Whatever it throws ends the conversion, and nothing is left behind. */
@FunctionalInterface
public interface Watch {
    /** What begins now. */
    enum Step {
        READING,
        LOWERING,
        WRITING
    }

    void at(Step step);

    /** Looks away. */
    Watch NONE = step -> {};
}
