package dev.fairlead.control.job;

/**
 * An artifact placed before the work starts.
 *
 * @param name the process finds the folder in {@code FAIRLEAD_INPUT_<NAME>}
 * @param ref a tree digest, or what {@code Models} resolves to one
 */
public record JobInput(String name, String ref) {}
