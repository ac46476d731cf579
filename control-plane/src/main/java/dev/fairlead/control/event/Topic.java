package dev.fairlead.control.event;

/** What changed, as coarse as a loop needs to know to look again. */
public enum Topic {
    JOBS,
    AGENTS,
    PROMOTIONS,
    ARTIFACTS
}
