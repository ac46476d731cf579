package dev.fairlead.parity.compare;

/** A side's outputs cannot be read; the message begins with the file. Becomes a report with the verdict ERROR. */
final class UnreadableOutputs extends Exception {
    private static final long serialVersionUID = 1;

    UnreadableOutputs(String message) {
        super(message);
    }

    UnreadableOutputs(String message, Throwable cause) {
        super(message, cause);
    }
}
