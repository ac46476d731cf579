package dev.fairlead.model.coreml;

/** A named value of a MIL program and its type. */
public record MilVariable(String name, MilType type) {}
