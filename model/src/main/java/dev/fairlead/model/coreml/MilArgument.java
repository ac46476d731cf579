package dev.fairlead.model.coreml;

/** What is bound to a parameter of a MIL operation. A parameter may have several. */
public sealed interface MilArgument {
    /** A value by its name. */
    record Name(String name) implements MilArgument {}

    record Literal(MilValue value) implements MilArgument {}
}
