package dev.fairlead.control.job;

/** Grows with every attempt of any job; a write with another one than the current attempt's is refused. */
public record Fence(long value) {
    public Fence {
        if (value < 1) {
            throw new IllegalArgumentException("fence: " + value + " is less than 1");
        }
    }
}
