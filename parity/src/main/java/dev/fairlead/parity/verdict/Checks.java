package dev.fairlead.parity.verdict;

/** Checks of record components: the message names the field and the value. */
final class Checks {
    private Checks() {}

    static String notBlank(String field, String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException(field + ": is blank");
        }
        return value;
    }

    static void notNegative(String field, long value) {
        if (value < 0) {
            throw new IllegalArgumentException(field + ": " + value + " is negative");
        }
    }

    static void notNegative(String field, double value) {
        if (!(value >= 0)) {
            throw new IllegalArgumentException(field + ": " + value + " is not 0 or more");
        }
    }
}
