package dev.fairlead.control.job;

/** An attempt together with the fence under which it writes. */
public record AttemptRef(AttemptId id, Fence fence) {}
